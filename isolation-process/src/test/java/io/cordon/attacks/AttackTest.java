package io.cordon.attacks;

import io.cordon.harness.SandboxTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One attack: each test gets its {@link HostCanaries}, which must be unharmed after it, and the
 * host's heap may not have grown by what the guest wrote.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SandboxTest
@ExtendWith(HostUnharmed.class)
public @interface AttackTest {}
