package io.cordon.process.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Compiles a plan to a static ELF program: {@code linux/elf.h}. */
public final class Elf {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int HEADERS = HEADER + 3 * PROGRAM_HEADER;
  private static final long TEXT = 0x40_0000;

  private static final int ET_EXEC = 2;
  private static final int PT_LOAD = 1;
  private static final int PT_GNU_STACK = 0x6474e551;
  private static final int EXECUTE = 1;
  private static final int WRITE = 2;
  private static final int READ = 4;

  private final Architecture architecture;

  public Elf(Architecture architecture) {
    this.architecture = architecture;
  }

  /** The program. */
  public byte[] compile(LaunchPlan plan) {
    PlanMemory memory = new PlanMemory();
    byte[] text = architecture.encoder().encode(plan, memory);
    byte[] data = memory.content();
    int page = architecture.pageSize();
    int dataAt = (HEADERS + text.length + page - 1) / page * page;
    ByteBuffer file = ByteBuffer.allocate(dataAt + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0); // 64 bits, little-endian
    file.putShort((short) ET_EXEC).putShort((short) architecture.elfMachine()).putInt(1);
    file.putLong(TEXT + HEADERS).putLong(HEADER).putLong(0).putInt(0);
    file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 3);
    file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    segment(file, PT_LOAD, READ | EXECUTE, 0, TEXT, HEADERS + text.length, page);
    segment(file, PT_LOAD, READ | WRITE, dataAt, PlanMemory.BASE, data.length, page);
    segment(file, PT_GNU_STACK, READ | WRITE, 0, 0, 0, 16);
    file.put(text).position(dataAt).put(data);
    return file.array();
  }

  private static void segment(
      ByteBuffer file, int type, int flags, long at, long address, long size, long alignment) {
    file.putInt(type).putInt(flags).putLong(at).putLong(address).putLong(address);
    file.putLong(size).putLong(size).putLong(alignment);
  }
}
