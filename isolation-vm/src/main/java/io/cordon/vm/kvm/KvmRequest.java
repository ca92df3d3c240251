package io.cordon.vm.kvm;

import io.cordon.process.kernel.Constant;

/** What KVM is asked by ioctl: {@code linux/kvm.h}, with the sizes of x86-64's structures. */
enum KvmRequest implements Constant {
  KVM_GET_API_VERSION(0xae00),
  KVM_CREATE_VM(0xae01),
  KVM_CHECK_EXTENSION(0xae03),
  KVM_GET_VCPU_MMAP_SIZE(0xae04),
  KVM_GET_SUPPORTED_CPUID(0xc008ae05L),
  KVM_CREATE_VCPU(0xae41),
  KVM_SET_USER_MEMORY_REGION(0x4020ae46),
  KVM_SET_TSS_ADDR(0xae47),
  KVM_RUN(0xae80),
  KVM_GET_REGS(0x8090ae81L),
  KVM_SET_REGS(0x4090ae82),
  KVM_SET_SREGS(0x4138ae84),
  KVM_SET_CPUID2(0x4008ae90);

  private final long value;

  KvmRequest(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
