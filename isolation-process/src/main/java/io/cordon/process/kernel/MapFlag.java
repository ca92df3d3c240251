package io.cordon.process.kernel;

/** Mappings of memory: {@code asm-generic/mman-common.h}, {@code linux/mman.h}. */
public enum MapFlag implements Constant {
  PROT_READ(0x1),
  PROT_WRITE(0x2),
  MAP_SHARED(0x1),
  MAP_PRIVATE(0x2),
  /** At this very address, and not over anything that is there. */
  MAP_FIXED_NOREPLACE(0x100000);

  private final long value;

  MapFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
