package io.cordon.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which isolation strategy a {@link SandboxTest} is run on. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
public @interface OnStrategy {

  /** The strategy; has a constructor without parameters. */
  Class<? extends StrategyUnderTest> value();
}
