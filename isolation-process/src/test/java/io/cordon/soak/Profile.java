package io.cordon.soak;

import io.cordon.harness.PolicyFolder;
import java.time.Duration;
import java.util.Locale;

/**
 * The tenants of a soak. Each has limits of its own, so that it is known which of them a program
 * meets; every lane has one tenant of each profile.
 */
enum Profile {
  /** Runs commands that end by themselves, or go beyond what they may have. */
  CALM("wall.max: 600s", 64 * Profile.MIB),

  /** Its commands have little time. */
  HASTY("wall.max: 200ms", 64 * Profile.MIB),

  /** Its commands have little processor time. */
  THRIFTY("cpu.time: 100ms, wall.max: 600s", 64 * Profile.MIB),

  /** Its commands have little of both. */
  TORN("cpu.time: 150ms, wall.max: 200ms", 64 * Profile.MIB),

  /** Runs scripts and plugins. */
  PATIENT("wall.max: 600s", 192 * Profile.MIB),

  /** Its scripts and plugins have little time. */
  HURRIED("wall.max: 500ms", 192 * Profile.MIB);

  private static final long MIB = 1 << 20;

  static final int PIDS = 24;
  static final long DISK = 8 * MIB;
  static final long INODES = 100;
  static final long OUTPUT = 256 << 10;
  static final Duration HASTY_WALL = Duration.ofMillis(200);
  static final Duration HURRIED_WALL = Duration.ofMillis(500);
  static final Duration THRIFTY_CPU = Duration.ofMillis(100);
  static final Duration TORN_CPU = Duration.ofMillis(150);

  private final String times;
  private final long memory;

  Profile(String times, long memory) {
    this.times = times;
    this.memory = memory;
  }

  /** What {@code memory.max} is, in bytes. */
  long memory() {
    return memory;
  }

  /** Whether its tenants run workers, and not commands. */
  boolean ofWorkers() {
    return this == PATIENT || this == HURRIED;
  }

  /** The name of its tenant in a lane. */
  String tenant(int lane) {
    return name().toLowerCase(Locale.ROOT) + lane;
  }

  /** Writes the policies of its tenants. */
  void write(PolicyFolder folder, int lanes) {
    String room =
        ofWorkers()
            ? "pids.max: 128, disk.max: { bytes: 64Mi, inodes: 4k }"
            : "pids.max: 24, disk.max: { bytes: 8Mi, inodes: 100 }";
    for (int lane = 0; lane < lanes; lane++) {
      folder.tenant(
          tenant(lane),
          """
          tenant: %s
          sandbox: { memory.max: %d, %s }
          task: { output.max: 256Ki, start.max: 120s, %s }
          """
              .formatted(tenant(lane), memory, room, times));
    }
  }
}
