package io.cordon.vm.qemu;

import java.io.IOException;

/** QEMU has refused a command. */
public final class QmpException extends IOException {
  private static final long serialVersionUID = 1;

  QmpException(String command, String reason) {
    super("QEMU refused " + command + ": " + reason);
  }
}
