package io.cordon.vm.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The state that a guest's processor begins with: {@code asm/kvm.h}. */
final class Processor {
  /** The size of struct kvm_regs. */
  static final int REGISTERS_SIZE = 144;

  /** The size of struct kvm_sregs. */
  static final int SYSTEM_REGISTERS_SIZE = 312;

  // asm/processor-flags.h, asm/msr-index.h
  private static final long CR0_PE_ET_NE_WP_PG = 0x80010031L;
  private static final long CR4_PAE = 0x20;
  private static final long EFER_LME_LMA = 0x500;
  private static final long EFLAGS_FIXED = 0x2; // and so no interrupts
  private static final long APIC_ENABLED_BOOT_PROCESSOR = 0xfee00900L;

  private Processor() {}

  /** struct kvm_regs: the guest begins at its entry, with nothing in its registers. */
  static byte[] registers() {
    ByteBuffer regs = ByteBuffer.allocate(REGISTERS_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    regs.putLong(128, Guest.ENTRY); // rip
    regs.putLong(136, EFLAGS_FIXED);
    return regs.array();
  }

  /**
   * struct kvm_sregs: long mode, with flat segments that need no table. There is no table of
   * interrupts either: an exception is a triple fault, and ends the guest.
   */
  static byte[] systemRegisters() {
    ByteBuffer sregs = ByteBuffer.allocate(SYSTEM_REGISTERS_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    segment(sregs, 0, Segment.CODE);
    for (int data = 1; data <= 5; data++) { // ds, es, fs, gs, ss
      segment(sregs, data, Segment.DATA);
    }
    segment(sregs, 6, Segment.TASK);
    segment(sregs, 7, Segment.LOCAL_TABLE);
    sregs.putLong(224, CR0_PE_ET_NE_WP_PG);
    sregs.putLong(240, Guest.PAGE_TABLES); // cr3
    sregs.putLong(248, CR4_PAE);
    sregs.putLong(264, EFER_LME_LMA);
    sregs.putLong(272, APIC_ENABLED_BOOT_PROCESSOR);
    return sregs.array();
  }

  /** struct kvm_segment, from base 0 on. */
  private static void segment(ByteBuffer sregs, int index, Segment segment) {
    int at = 24 * index;
    sregs.putInt(at + 8, segment.limit);
    sregs.putShort(at + 12, (short) segment.selector);
    sregs.put(at + 14, (byte) segment.type);
    sregs.put(at + 15, (byte) 1); // present
    sregs.put(at + 17, (byte) (segment == Segment.DATA ? 1 : 0)); // db
    sregs.put(at + 18, (byte) (segment.system() ? 0 : 1)); // s
    sregs.put(at + 19, (byte) (segment == Segment.CODE ? 1 : 0)); // l: 64 bits
    sregs.put(at + 20, (byte) (segment.system() ? 0 : 1)); // g: the limit is in pages
  }

  /** Segments, with the types of the processor's manual; a task must be there, and be busy. */
  private enum Segment {
    CODE(8, 11, 0xffffffff),
    DATA(16, 3, 0xffffffff),
    TASK(0, 11, 0xffff),
    LOCAL_TABLE(0, 2, 0xffff);

    private final int selector;
    private final int type;
    private final int limit;

    Segment(int selector, int type, int limit) {
      this.selector = selector;
      this.type = type;
      this.limit = limit;
    }

    boolean system() {
      return this == TASK || this == LOCAL_TABLE;
    }
  }
}
