package io.cordon.process.kernel;

/** Flags of open_tree and move_mount: {@code linux/mount.h}. */
public enum TreeFlag implements Constant {
  OPEN_TREE_CLONE(0x1),
  OPEN_TREE_CLOEXEC(0x80000),
  MOVE_MOUNT_F_EMPTY_PATH(0x4);

  private final long value;

  TreeFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
