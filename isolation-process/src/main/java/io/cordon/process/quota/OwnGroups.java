package io.cordon.process.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The groups that this JVM is in. All that Cordon makes is below them: else a sandbox would escape
 * the limits of the container or the service that the JVM runs in.
 *
 * @param mounts the hierarchies
 * @param paths the JVM's group by controller, from proc_pid_cgroup(5); by the empty text that of
 *     version 2
 */
record OwnGroups(List<CgroupMount> mounts, Map<String, String> paths) {

  /** Reads both tables of a process. */
  static OwnGroups of(Path process) {
    try {
      return parse(
          Files.readAllLines(process.resolve("mountinfo")),
          Files.readAllLines(process.resolve("cgroup")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OwnGroups parse(List<String> mountinfo, List<String> cgroup) {
    Map<String, String> paths = new HashMap<>();
    for (String line : cgroup) {
      // hierarchy:controllers:path
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        for (String controller : fields[1].split(",", -1)) {
          paths.put(controller, fields[2]);
        }
      }
    }
    return new OwnGroups(CgroupMount.parse(mountinfo), paths);
  }

  /** The JVM's group of one controller in version 1. */
  Optional<Path> v1(Controller controller) {
    String name = controller.v1Name();
    return locate(
        name,
        mounts.stream()
            .filter(
                mount -> mount.type() == CgroupMount.Type.V1 && mount.controllers().contains(name))
            .toList());
  }

  /** The JVM's group in version 2. */
  Optional<Path> v2() {
    return locate(
        "", mounts.stream().filter(mount -> mount.type() == CgroupMount.Type.V2).toList());
  }

  private Optional<Path> locate(String name, List<CgroupMount> candidates) {
    String path = paths.get(name);
    if (path == null) {
      return Optional.empty();
    }
    return candidates.stream()
        .flatMap(mount -> mount.directoryOf(path).stream())
        .filter(Files::isDirectory)
        .findFirst();
  }
}
