package io.cordon.process;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * What a plan depends on, of this host and this JVM.
 *
 * @param uid this JVM's user
 * @param gid this JVM's group
 * @param landlockAbi which landlock the kernel has: 0 for none
 * @param timeNamespaces whether the kernel has them
 * @param lastCapability the highest capability that the kernel knows
 * @param hardLimits this JVM's hard limits, which a cell's can't exceed
 */
record Host(
    int uid,
    int gid,
    int landlockAbi,
    boolean timeNamespaces,
    int lastCapability,
    Map<Resource, Long> hardLimits) {

  static final long UNLIMITED = -1; // RLIM_INFINITY

  Host {
    hardLimits = Map.copyOf(hardLimits);
  }

  /** Looks. */
  static Host look(Kernel kernel) {
    try {
      return new Host(
          kernel.getuid(),
          kernel.getgid(),
          kernel.landlockAbi(),
          Files.exists(Path.of("/proc/self/ns/time_for_children")),
          readLastCapability(),
          readHardLimits());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean root() {
    return uid == 0;
  }

  /** The nearest to a wanted limit that this JVM can set. */
  long clamp(Resource resource, long wanted) {
    long hard = hardLimits.getOrDefault(resource, UNLIMITED);
    if (hard == UNLIMITED) {
      return wanted;
    }
    return wanted == UNLIMITED ? hard : Math.min(wanted, hard);
  }

  private static int readLastCapability() throws IOException {
    // In one read: a sysctl gives nothing more to a second one, and readString begins with a byte.
    try (var sysctl = Files.newBufferedReader(Path.of("/proc/sys/kernel/cap_last_cap"))) {
      return Integer.parseInt(sysctl.readLine());
    }
  }

  private static Map<Resource, Long> readHardLimits() throws IOException {
    Map<String, Resource> names =
        Map.of(
            "Max file size", Resource.RLIMIT_FSIZE,
            "Max core file size", Resource.RLIMIT_CORE,
            "Max processes", Resource.RLIMIT_NPROC,
            "Max open files", Resource.RLIMIT_NOFILE,
            "Max locked memory", Resource.RLIMIT_MEMLOCK,
            "Max msgqueue size", Resource.RLIMIT_MSGQUEUE);
    Map<Resource, Long> limits = new EnumMap<>(Resource.class);
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      names.forEach(
          (name, resource) -> {
            if (line.startsWith(name)) {
              var words = new StringTokenizer(line.substring(name.length()));
              words.nextToken(); // the soft limit
              String hard = words.nextToken();
              limits.put(resource, hard.equals("unlimited") ? UNLIMITED : Long.parseLong(hard));
            }
          });
    }
    return limits;
  }
}
