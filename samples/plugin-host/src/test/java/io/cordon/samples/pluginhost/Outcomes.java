package io.cordon.samples.pluginhost;

import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Outcomes to test with, all of one tenant. */
final class Outcomes {
  static final PluginId PLUGIN = new PluginId("shop", "invoice");

  private Outcomes() {}

  static Outcome<String> succeeded(Duration cpu, long memoryPeak) {
    return new Outcome.Succeeded<>("value", report(cpu, memoryPeak));
  }

  static Outcome<String> exceeded(Limit limit) {
    Trip trip = new Trip(limit, limit.effect(), 12, 10, Evidence.KERNEL);
    return new Outcome.LimitExceeded<>(trip, report(Duration.ZERO, 0));
  }

  static Outcome<String> failed(String message) {
    return new Outcome.Failed<>(message, OptionalInt.empty(), "", report(Duration.ZERO, 0));
  }

  static Outcome<String> refused(ErrorCode code) {
    return new Outcome.Refused<>(code, "for a reason", report(Duration.ZERO, 0));
  }

  static Outcome<String> crashed() {
    return new Outcome.Crashed<>(11, "SIGSEGV", report(Duration.ZERO, 0));
  }

  static Outcome<String> cancelled() {
    return new Outcome.Cancelled<>(report(Duration.ZERO, 0));
  }

  private static TaskReport report(Duration cpu, long memoryPeak) {
    Usage usage =
        new Usage(Duration.ofMillis(40), cpu, Duration.ZERO, OptionalLong.of(memoryPeak), 7);
    Isolation isolation = new Isolation("process", "cgroup-v2", List.of(), List.of());
    return new TaskReport(PLUGIN.tenant(), isolation, usage, List.of());
  }
}
