package io.cordon.vm.qemu;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a machine is built of. A saved one goes on in a machine of the same hardware. Immutable.
 *
 * @param machine its memory and processor
 * @param ports its ports
 * @param disks images of its disks, {@code /dev/vda} and on, all of them read-only
 */
public record Hardware(Machine machine, List<Port> ports, List<Path> disks) {
  private static final int MOST_DISKS = 8;

  public Hardware {
    ports = List.copyOf(ports);
    disks = List.copyOf(disks);
    Set<Object> unique = new HashSet<>();
    for (Port port : ports) {
      if (!unique.add(port.number()) || !unique.add(port.name())) {
        throw new IllegalArgumentException("two ports of the same number or name: " + port);
      }
    }
    if (disks.size() > MOST_DISKS) {
      throw new IllegalArgumentException(disks.size() + " disks: more than " + MOST_DISKS);
    }
  }
}
