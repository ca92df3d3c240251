package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Structures, at the offsets that a C compiler gave for {@code linux/kvm.h} on x86-64. */
class StructuresTest {

  /** asm/kvm.h: rax … r15, 16 of them; then rip at 128 and rflags at 136; 144 bytes. */
  @Test
  void registersBeginAtTheEntry() {
    ByteBuffer regs = buffer(Processor.registers());
    assertThat(regs.capacity()).isEqualTo(144);
    for (int register = 0; register < 128; register += 8) {
      assertThat(regs.getLong(register)).isZero();
    }
    assertThat(regs.getLong(128)).isEqualTo(0x4000);
    assertThat(regs.getLong(136)).isEqualTo(2);
  }

  /** asm/kvm.h: struct kvm_segment is 24 bytes; cs, ds, es, fs, gs, ss, tr, ldt. */
  @Test
  void segmentsAreFlatAndTheCodeHas64Bits() {
    // base; limit; selector; type, present; dpl, db; s, l; g, avl; unusable, padding
    String code = "0000000000000000 ffffffff 0800 0b01 0000 0101 0100 0000";
    String data = "0000000000000000 ffffffff 1000 0301 0001 0100 0100 0000";
    String task = "0000000000000000 ffff0000 0000 0b01 0000 0000 0000 0000";
    String local = "0000000000000000 ffff0000 0000 0201 0000 0000 0000 0000";
    assertThat(HexFormat.of().formatHex(Processor.systemRegisters(), 0, 192))
        .isEqualTo((code + data.repeat(5) + task + local).replace(" ", ""));
  }

  /**
   * asm/kvm.h: struct kvm_sregs is 312 bytes; gdt at 192, idt at 208, cr0 at 224, cr2 at 232, cr3
   * at 240, cr4 at 248, cr8 at 256, efer at 264, apic_base at 272, then the pending interrupts.
   */
  @Test
  void controlRegistersAreThoseOfLongMode() {
    ByteBuffer sregs = buffer(Processor.systemRegisters());
    assertThat(sregs.capacity()).isEqualTo(312);
    assertThat(sregs.getLong(224)).isEqualTo(0x8001_0031L); // PG, WP, NE, ET, PE
    assertThat(sregs.getLong(232)).isZero();
    assertThat(sregs.getLong(240)).isEqualTo(0x1000);
    assertThat(sregs.getLong(248)).isEqualTo(0x20); // PAE
    assertThat(sregs.getLong(256)).isZero();
    assertThat(sregs.getLong(264)).isEqualTo(0x500); // LMA, LME
    assertThat(sregs.getLong(272)).isEqualTo(0xfee0_0900L); // enabled, boot processor
    for (int rest = 192; rest < 312; rest += 8) {
      if (rest < 224 || rest > 272) {
        assertThat(sregs.getLong(rest)).isZero();
      }
    }
  }

  /**
   * linux/kvm.h: struct kvm_userspace_memory_region is 32 bytes; slot at 0, flags at 4,
   * guest_phys_addr at 8, memory_size at 16, userspace_addr at 24.
   */
  @Test
  void memoryRegionIsAllOfTheGuest() {
    ByteBuffer region = buffer(ProbePlan.memoryRegion());
    assertThat(region.capacity()).isEqualTo(32);
    assertThat(region.getLong(0)).isZero();
    assertThat(region.getLong(8)).isZero();
    assertThat(region.getLong(16)).isEqualTo(Guest.MEMORY_SIZE);
    assertThat(region.getLong(24)).isEqualTo(ProbePlan.GUEST_MEMORY);
  }

  /** asm-generic/ioctl.h: direction, the structure's size, KVMIO, number. */
  @Test
  void requestsHaveTheSizesOfTheirStructures() {
    assertThat(KvmRequest.KVM_SET_REGS.value()).isEqualTo(write(Processor.REGISTERS_SIZE, 0x82));
    assertThat(KvmRequest.KVM_GET_REGS.value()).isEqualTo(read(Processor.REGISTERS_SIZE, 0x81));
    assertThat(KvmRequest.KVM_SET_SREGS.value())
        .isEqualTo(write(Processor.SYSTEM_REGISTERS_SIZE, 0x84));
    assertThat(KvmRequest.KVM_SET_USER_MEMORY_REGION.value()).isEqualTo(write(32, 0x46));
    assertThat(KvmRequest.KVM_SET_CPUID2.value()).isEqualTo(write(8, 0x90)); // without entries
    assertThat(KvmRequest.KVM_GET_SUPPORTED_CPUID.value()).isEqualTo(write(8, 0x05) | read(8, 0));
  }

  private static long write(int size, int number) {
    return 1L << 30 | (long) size << 16 | 0xae << 8 | number;
  }

  private static long read(int size, int number) {
    return 2L << 30 | (long) size << 16 | 0xae << 8 | number;
  }

  private static ByteBuffer buffer(byte[] structure) {
    return ByteBuffer.wrap(structure).order(ByteOrder.LITTLE_ENDIAN);
  }
}
