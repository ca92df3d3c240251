package io.cordon.soak;

import io.cordon.harness.ProcessUnderTest;
import io.cordon.harness.StrategyUnderTest;

class ProcessSoakIT extends Soak {

  @Override
  protected StrategyUnderTest strategy() {
    return new ProcessUnderTest();
  }

  @Override
  protected Menu menu() {
    return Menu.FULL;
  }

  @Override
  protected int lanes() {
    return 3;
  }

  @Override
  protected int batch() {
    return 100;
  }

  @Override
  protected int runs() {
    return 200;
  }
}
