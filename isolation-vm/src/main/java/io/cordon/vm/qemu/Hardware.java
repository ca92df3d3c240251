package io.cordon.vm.qemu;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a machine is built of. A saved one goes on in a machine of the same hardware. Immutable.
 *
 * @param machine its memory and processor
 * @param ports its ports
 * @param disks images of its disks, {@code /dev/vda} and on, all of them read-only
 * @param scratchBytes how large the disk after these is, which is the guest's to write to; if it
 *     has one
 */
public record Hardware(
    Machine machine, List<Port> ports, List<Path> disks, OptionalLong scratchBytes) {
  private static final int MOST_DISKS = 8;

  /** One without a disk that is written to. */
  public Hardware(Machine machine, List<Port> ports, List<Path> disks) {
    this(machine, ports, disks, OptionalLong.empty());
  }

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
