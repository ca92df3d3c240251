package io.cordon.vm;

import io.cordon.harness.StrategyUnderTest;
import io.cordon.soak.Menu;
import io.cordon.soak.Soak;
import io.cordon.vm.harness.VmUnderTest;

class VmSoakIT extends Soak {

  @Override
  protected StrategyUnderTest strategy() {
    return new VmUnderTest();
  }

  @Override
  protected Menu menu() {
    return Menu.SMALL;
  }

  @Override
  protected int lanes() {
    return 2;
  }

  @Override
  protected int batch() {
    return 20;
  }

  @Override
  protected int runs() {
    return 20;
  }
}
