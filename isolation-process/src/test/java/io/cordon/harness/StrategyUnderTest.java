package io.cordon.harness;

import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** All that the tests of every isolation strategy may know of the one that they run on. */
public interface StrategyUnderTest {

  /** Its name, as a handle tells it. */
  String name();

  /** What a policy says under {@code isolation} to choose it: a YAML mapping in one line. */
  String policy();

  /** The cache directory of the test classes of one user: what takes long to make is made once. */
  Path cache();

  /** Whether the host's kernel runs the programs, or each sandbox has one of its own. */
  boolean hasAKernelOfItsOwn();

  /** How many commands make a crowd that does not take minutes. */
  int crowd();

  /** How many bytes fit between a program and an application, one of which does not read. */
  long mostUnderWay();

  /** Who counts a command's memory and processes. */
  Evidence counting(Isolation isolation);

  /** Who says how full a command's disk is. */
  Evidence lookingAtDisks();

  /** The strategy of a test class: {@code process}, unless {@link OnStrategy} says otherwise. */
  static StrategyUnderTest of(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), OnStrategy.class)
        .<StrategyUnderTest>map(on -> ReflectionSupport.newInstance(on.value()))
        .orElseGet(ProcessUnderTest::new);
  }
}
