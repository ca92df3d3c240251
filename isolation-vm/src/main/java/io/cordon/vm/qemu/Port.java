package io.cordon.vm.qemu;

import java.util.regex.Pattern;

/**
 * A port of a machine: {@code /dev/vport0pN} in the guest. What the host closes its output of gives
 * the guest the end of the file, and from then on carries nothing in the other direction either.
 *
 * @param number its number, from 1
 * @param name its name: {@code [a-z0-9-]{1,20}}
 */
public record Port(int number, String name) {
  /** As many as there may be. */
  public static final int MOST = 30; // of virtio-serial: 31, with one that is reserved

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,20}");

  public Port {
    if (number < 1 || number > MOST || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no port: " + number + " " + name);
    }
  }
}
