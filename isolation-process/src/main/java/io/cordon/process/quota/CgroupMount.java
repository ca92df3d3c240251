package io.cordon.process.quota;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where one hierarchy of control groups is mounted, from proc_pid_mountinfo(5).
 *
 * @param type version 1 or 2
 * @param controllers those of the hierarchy; empty for version 2, where each group tells its own
 * @param root which of its groups is at the mount point
 * @param point where that is
 */
record CgroupMount(Type type, Set<String> controllers, String root, Path point) {

  enum Type {
    V1,
    V2
  }

  /** Those among the lines of {@code mountinfo}, in their order. */
  static List<CgroupMount> parse(List<String> mountinfo) {
    List<CgroupMount> mounts = new ArrayList<>();
    for (String line : mountinfo) {
      // id parent major:minor root point options [optional...] - type source super-options
      String[] fields = line.split(" ", -1);
      int separator = 6;
      while (separator < fields.length && !fields[separator].equals("-")) {
        separator++;
      }
      if (separator + 3 >= fields.length) {
        continue;
      }
      String root = unescape(fields[3]);
      Path point = Path.of(unescape(fields[4]));
      switch (fields[separator + 1]) {
        case "cgroup" ->
            mounts.add(
                new CgroupMount(Type.V1, Set.of(distinct(fields[separator + 3])), root, point));
        case "cgroup2" -> mounts.add(new CgroupMount(Type.V2, Set.of(), root, point));
        default -> {}
      }
    }
    return mounts;
  }

  private static String[] distinct(String options) {
    return List.of(options.split(",", -1)).stream().distinct().toArray(String[]::new);
  }

  /** Spaces, tabs, line feeds and backslashes are written as three octal digits. */
  private static String unescape(String field) {
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        text.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
        i += 3;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** The directory of a group, if it can be seen through this mount. */
  Optional<Path> directoryOf(String group) {
    if (group.equals("/..") || group.startsWith("/../")) {
      return Optional.empty(); // outside our cgroup namespace
    }
    String below;
    if (root.equals("/")) {
      below = group;
    } else if (group.equals(root) || group.startsWith(root + "/")) {
      below = group.substring(root.length());
    } else {
      return Optional.empty();
    }
    return Optional.of(point.resolve(below.substring(Math.min(1, below.length()))).normalize());
  }
}
