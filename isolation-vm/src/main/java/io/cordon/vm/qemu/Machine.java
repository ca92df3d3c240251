package io.cordon.vm.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a micro-VM is like. Immutable.
 *
 * @param memoryMiB the guest's memory
 * @param clockKHz how fast the time stamp counter runs that the guest sees, which is the host's
 * @param accelerator what runs its instructions
 */
public record Machine(int memoryMiB, int clockKHz, Accelerator accelerator) {
  /** Below this no Java runtime of use fits beside the kernel. */
  public static final int LEAST_MEMORY_MIB = 96;

  private static final Pattern CLOCK = Pattern.compile("(?m)^cpu MHz\\s*: (\\d+)\\.(\\d{3})");
  // Where the processor's speed is changed while it runs, cpuinfo has the speed of this moment; the
  // counter goes on at the base frequency.
  private static final Path BASE = Path.of("/sys/devices/system/cpu/cpu0/cpufreq/base_frequency");
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final int USUAL_CLOCK_KHZ = 2_500_000;

  public Machine {
    if (memoryMiB < LEAST_MEMORY_MIB) {
      throw new IllegalArgumentException(
          "%d MiB of memory are too little for a guest: at least %d"
              .formatted(memoryMiB, LEAST_MEMORY_MIB));
    }
    if (clockKHz <= 0) {
      throw new IllegalArgumentException("a clock must run");
    }
  }

  /** A machine that is emulated on this host. */
  public static Machine emulatedHere(int memoryMiB, int translationCacheMiB) {
    return new Machine(memoryMiB, clockOfThisHost(), new Accelerator.Tcg(translationCacheMiB));
  }

  /** The same, and its guest has a KVM that works. */
  public static Machine emulatedHereWithKvm(int memoryMiB, int translationCacheMiB) {
    return new Machine(
        memoryMiB,
        clockOfThisHost(),
        new Accelerator.Tcg(translationCacheMiB, Accelerator.Processor.WITH_KVM));
  }

  /** A machine that this host's processor runs. */
  public static Machine virtualHere(int memoryMiB) {
    return new Machine(memoryMiB, clockOfThisHost(), new Accelerator.Kvm());
  }

  long memoryBytes() {
    return (long) memoryMiB << 20;
  }

  /** What the kernel says; where it counts otherwise, guests' clocks run fast or slow. */
  private static int clockOfThisHost() {
    return read(BASE)
        .map(String::strip)
        .filter(base -> base.matches("\\d{6,8}"))
        .map(Integer::parseInt)
        .or(() -> read(CPUINFO).map(Machine::clock))
        .orElse(USUAL_CLOCK_KHZ);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static int clock(String cpuinfo) {
    Matcher clock = CLOCK.matcher(cpuinfo);
    return clock.find() ? Integer.parseInt(clock.group(1) + clock.group(2)) : USUAL_CLOCK_KHZ;
  }
}
