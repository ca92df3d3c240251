package io.cordon.vm.kvm;

import io.cordon.process.kernel.Constant;

/** What KVM must be able to do for the probe, and for a VMM after it: {@code linux/kvm.h}. */
enum KvmCapability implements Constant {
  KVM_CAP_IRQCHIP(0),
  KVM_CAP_USER_MEMORY(3),
  KVM_CAP_SET_TSS_ADDR(4),
  KVM_CAP_EXT_CPUID(7),
  KVM_CAP_MP_STATE(14),
  KVM_CAP_IRQFD(32),
  KVM_CAP_IOEVENTFD(36),
  KVM_CAP_INTERNAL_ERROR_DATA(40),
  KVM_CAP_IMMEDIATE_EXIT(136);

  private final long value;

  KvmCapability(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
