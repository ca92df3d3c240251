package io.cordon.vm.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.policy.SandboxLimits.Disk;
import io.cordon.process.plan.LaunchPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches what the guest's kernel has counted. */
final class CountErrand extends Errand<GuestCounters> {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final Disk limit;
  private final Map<String, String> files = new HashMap<>();
  private long bytes;
  private long inodes;

  /**
   * An errand.
   *
   * @param limit what the user of an empty scratch disk finds free
   */
  CountErrand(LaunchPlan plan, Disk limit) {
    super(plan);
    this.limit = limit;
  }

  @Override
  void take(int kind, ByteBuffer report) throws IOException {
    int file = kind - Orders.COUNTERS;
    if (kind == Orders.SPACE) {
      // struct statfs, asm/statfs.h, from 8 on: type, block size, blocks, free, free for users,
      // files, free. What is free for users was the limit, and is nothing when that is met.
      bytes = used(limit.bytes(), report.getLong(8 + 8) * report.getLong(8 + 32));
      inodes = used(limit.inodes(), report.getLong(8 + 48));
    } else if (file >= 0 && file < Orders.COUNTER_FILES.size()) {
      files.put(Orders.COUNTER_FILES.get(file), new String(rest(report, 4), US_ASCII));
    } else {
      throw new IOException("no report of counters: " + kind);
    }
  }

  /** The guest may say anything; it counts for no more than all, and no less than nothing. */
  private static long used(long limit, long free) {
    return limit - Math.clamp(free, 0, limit);
  }

  @Override
  GuestCounters conclude() {
    return new GuestCounters(
        memoryKills(),
        single("memory.peak"),
        single("memory.current"),
        single("pids.current").orElse(0),
        keyed("pids.events", "max"),
        bytes,
        inodes);
  }

  /** The kernel counts who was killed because the whole guest had no memory left there, too. */
  private long memoryKills() {
    return keyed("memory.events", "oom") > 0 ? keyed("memory.events", "oom_kill") : 0;
  }

  private OptionalLong single(String file) {
    Matcher number = NUMBER.matcher(files.getOrDefault(file, "").strip());
    return number.matches()
        ? OptionalLong.of(Long.parseLong(number.group()))
        : OptionalLong.empty();
  }

  private long keyed(String file, String key) {
    for (String line : files.getOrDefault(file, "").split("\n", -1)) {
      if (line.startsWith(key + " ")) {
        String value = line.substring(key.length() + 1);
        return NUMBER.matcher(value).matches() ? Long.parseLong(value) : 0;
      }
    }
    return 0;
  }
}
