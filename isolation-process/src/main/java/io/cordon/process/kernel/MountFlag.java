package io.cordon.process.kernel;

/** Flags of mount and umount2: {@code linux/mount.h}. */
public enum MountFlag implements Constant {
  MS_RDONLY(0x1),
  MS_NOSUID(0x2),
  MS_NODEV(0x4),
  MS_NOEXEC(0x8),
  MS_NOATIME(0x400),
  MS_MOVE(0x2000),
  MS_REC(0x4000),
  MS_PRIVATE(0x40000),
  MNT_DETACH(0x2);

  private final long value;

  MountFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
