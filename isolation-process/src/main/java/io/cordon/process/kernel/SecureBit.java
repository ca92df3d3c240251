package io.cordon.process.kernel;

/** What execve may no longer give: {@code linux/securebits.h}. */
public enum SecureBit implements Constant {
  SECBIT_NOROOT(0x1),
  SECBIT_NOROOT_LOCKED(0x2),
  SECBIT_NO_SETUID_FIXUP(0x4),
  SECBIT_NO_SETUID_FIXUP_LOCKED(0x8),
  SECBIT_KEEP_CAPS_LOCKED(0x20),
  SECBIT_NO_CAP_AMBIENT_RAISE(0x40),
  SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED(0x80);

  private final long value;

  SecureBit(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
