package io.cordon.process.kernel;

/** What is done to descriptors: {@code linux/close_range.h}, {@code linux/fcntl.h}. */
public enum DescriptorFlag implements Constant {
  CLOSE_RANGE_CLOEXEC(0x4),
  F_DUPFD_CLOEXEC(1030),
  /** The last one that close_range can be given. */
  LAST_DESCRIPTOR(0xffffffffL);

  private final long value;

  DescriptorFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
