package io.cordon.harness;

import io.cordon.leaks.NothingLeftBehind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that uses real sandboxes. They are opened once for the class, under the policies
 * that {@link TenantPolicy} gives, and closed after it; then nothing may be left behind.
 *
 * <p>Parameters of type {@link io.cordon.sandbox.Tenant} get the tenant of the parameter's name.
 * The strategy is what {@link OnStrategy} says, or else {@code process}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith({NothingLeftBehind.class, OpenSandboxes.class})
public @interface SandboxTest {}
