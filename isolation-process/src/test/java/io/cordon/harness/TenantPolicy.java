package io.cordon.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The policy file of one tenant of a {@link SandboxTest}; the rest are roomy defaults. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Repeatable(TenantPolicies.class)
public @interface TenantPolicy {

  /** The tenant's name. */
  String name() default "acme";

  /** The policy file's text. */
  String value() default "";
}
