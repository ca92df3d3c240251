package io.cordon.vm.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A guest without a kernel: machine code in long mode, page tables, and a little data. Its physical
 * memory begins at 0, and its addresses are its physical ones. It ends a round by writing a byte to
 * {@link #PORT}, and begins the next when it is run again. Immutable.
 */
final class Guest {
  /** No device is there, so that a write to it ends KVM_RUN. */
  static final int PORT = 0xf4;

  /** How often the probe's loop turns in each round. */
  static final int ITERATIONS = 20_000;

  /** The size of its memory, in bytes. */
  static final int MEMORY_SIZE = 0x6000;

  /** Where its root page table is. */
  static final int PAGE_TABLES = 0x1000;

  /** Where its code begins. */
  static final int ENTRY = 0x4000;

  private static final int DATA = 0x5000;

  // Page table entries: asm/pgtable_types.h
  private static final long PRESENT_WRITABLE = 0x3;
  private static final long TWO_MEGABYTES = 0x80;

  private final byte[] code;

  /** A guest that runs this code. */
  Guest(byte[] code) {
    if (code.length > DATA - ENTRY) {
      throw new IllegalArgumentException("a guest of %d bytes".formatted(code.length));
    }
    this.code = code.clone();
  }

  /**
   * The guest that KVM must be able to run. A KVM that interprets takes too long for the loop; one
   * that does not know every instruction of an ordinary kernel gives up at the cmpxchg16b.
   *
   * <p>After each round rbx holds the round's number, from 1, and al is 1 if the exchange was done.
   */
  static Guest probe() {
    String code =
        "b9204e0000" // start: mov ecx, 20000
            + "ffc9" // turn: dec ecx
            + "75fc" // jnz turn
            + "bf00500000" // mov edi, 0x5000
            + "488b07" // mov rax, [rdi]
            + "488b5708" // mov rdx, [rdi+8]
            + "488d5801" // lea rbx, [rax+1]
            + "f0480fc70f" // lock cmpxchg16b [rdi]: if it holds rdx:rax, store rcx:rbx
            + "0f94c0" // sete al
            + "e6f4" // out 0xf4, al
            + "ebdb"; // jmp start
    return new Guest(HexFormat.of().parseHex(code));
  }

  /** What its memory holds at first. */
  byte[] memory() {
    ByteBuffer memory = ByteBuffer.allocate(MEMORY_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    int pointers = PAGE_TABLES + 0x1000;
    int directory = PAGE_TABLES + 0x2000;
    memory.putLong(PAGE_TABLES, pointers | PRESENT_WRITABLE);
    memory.putLong(pointers, directory | PRESENT_WRITABLE);
    memory.putLong(directory, TWO_MEGABYTES | PRESENT_WRITABLE); // from 0 on, as it is
    memory.put(ENTRY, code);
    return memory.array();
  }
}
