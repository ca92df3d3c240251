package io.cordon.harness;

import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import java.nio.file.Path;

/** The strategy {@code process}. */
public final class ProcessUnderTest implements StrategyUnderTest {

  @Override
  public String name() {
    return "process";
  }

  @Override
  public String policy() {
    return "{ strategy: process }";
  }

  @Override
  public Path cache() {
    return SharedCache.directory();
  }

  @Override
  public boolean hasAKernelOfItsOwn() {
    return false;
  }

  @Override
  public int crowd() {
    return 200;
  }

  /** A pipe and a buffer. */
  @Override
  public long mostUnderWay() {
    return 1 << 20;
  }

  @Override
  public Evidence counting(Isolation isolation) {
    return Ran.counting(isolation);
  }

  @Override
  public Evidence lookingAtDisks() {
    return Evidence.HOST;
  }
}
