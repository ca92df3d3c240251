package io.cordon.vm.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a micro-VM is like. Immutable.
 *
 * @param memoryMiB the guest's memory
 * @param translationCacheMiB the most memory that QEMU keeps translated code in
 * @param clockKHz how fast the time stamp counter runs that the guest sees, which is the host's
 */
public record Machine(int memoryMiB, int translationCacheMiB, int clockKHz) {
  /** Below this no Java runtime of use fits beside the kernel. */
  public static final int LEAST_MEMORY_MIB = 96;

  private static final Pattern CLOCK = Pattern.compile("(?m)^cpu MHz\\s*: (\\d+)\\.(\\d{3})");
  private static final int USUAL_CLOCK_KHZ = 2_500_000;

  public Machine {
    if (memoryMiB < LEAST_MEMORY_MIB) {
      throw new IllegalArgumentException(
          "%d MiB of memory are too little for a guest: at least %d"
              .formatted(memoryMiB, LEAST_MEMORY_MIB));
    }
    if (translationCacheMiB <= 0 || clockKHz <= 0) {
      throw new IllegalArgumentException("must be positive");
    }
  }

  /** A machine that is emulated on this host. */
  public static Machine emulatedHere(int memoryMiB, int translationCacheMiB) {
    return new Machine(memoryMiB, translationCacheMiB, clockOfThisHost());
  }

  /** What the kernel says; where it counts otherwise, guests' clocks run fast or slow. */
  private static int clockOfThisHost() {
    try {
      return clock(Files.readString(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return USUAL_CLOCK_KHZ;
    }
  }

  static int clock(String cpuinfo) {
    Matcher clock = CLOCK.matcher(cpuinfo);
    return clock.find() ? Integer.parseInt(clock.group(1) + clock.group(2)) : USUAL_CLOCK_KHZ;
  }
}
