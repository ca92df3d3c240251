package io.cordon.process.kernel;

/** Attributes of mount_setattr: {@code linux/mount.h}. */
public enum MountAttribute implements Constant {
  MOUNT_ATTR_RDONLY(0x1),
  MOUNT_ATTR_NOSUID(0x2),
  MOUNT_ATTR_NODEV(0x4),
  MOUNT_ATTR_NOEXEC(0x8);

  private final long value;

  MountAttribute(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
