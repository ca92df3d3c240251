package io.cordon.vm.harness;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.StrategyUnderTest;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.vm.setup.Need;
import io.cordon.vm.setup.VmSetup;
import java.nio.file.Path;
import java.util.List;

/** The strategy {@code vm}, emulated where the host has no usable KVM. */
public final class VmUnderTest implements StrategyUnderTest {

  /** Looked for, and made where that can be, once for all tests of this JVM. */
  private static final class Host {
    static final List<Need> UNMET =
        new VmSetup(TestCache.directory(), line -> System.out.println("guest: " + line))
            .run().stream().filter(need -> !need.met()).toList();
  }

  @Override
  public String name() {
    return "vm";
  }

  @Override
  public String policy() {
    return "{ strategy: vm, vm: { emulation: allow } }";
  }

  /** A test is skipped where this host lacks what micro-VMs need. */
  @Override
  public Path cache() {
    assumeThat(Host.UNMET).as("what micro-VMs need, and this host lacks").isEmpty();
    return TestCache.directory();
  }

  @Override
  public boolean hasAKernelOfItsOwn() {
    return true;
  }

  @Override
  public int crowd() {
    return 24;
  }

  /** Above all a ring of 1024 buffers, as virtio-mmio has them, of a frame of 16 KiB each. */
  @Override
  public long mostUnderWay() {
    return 24 << 20;
  }

  @Override
  public Evidence counting(Isolation isolation) {
    return Evidence.GUEST;
  }

  @Override
  public Evidence lookingAtDisks() {
    return Evidence.GUEST;
  }
}
