package io.cordon.process.kernel;

/** What reboot is told: {@code linux/reboot.h}. */
public enum RebootCommand implements Constant {
  LINUX_REBOOT_MAGIC1(0xfee1deadL),
  LINUX_REBOOT_MAGIC2(0x28121969),
  LINUX_REBOOT_CMD_POWER_OFF(0x4321fedc);

  private final long value;

  RebootCommand(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
