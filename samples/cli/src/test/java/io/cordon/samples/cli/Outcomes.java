package io.cordon.samples.cli;

import io.cordon.policy.Limit;
import io.cordon.policy.Protection;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One of each outcome; what a guest has a say in tries to take over the terminal. */
final class Outcomes {
  static final String HOSTILE = "\u001b]0;owned\u0007\u202e\nlooks like a new line";
  static final Trip MEMORY =
      new Trip(Limit.MEMORY, Limit.Effect.KILL, 268_435_456, 268_435_456, Evidence.KERNEL);
  static final Trip PIDS = new Trip(Limit.PIDS, Limit.Effect.DENY, 3, 64, Evidence.KERNEL);

  private Outcomes() {}

  static List<Outcome<?>> all() {
    return List.of(
        succeeded(),
        new Outcome.LimitExceeded<>(MEMORY, report(MEMORY)),
        failed(),
        new Outcome.Refused<>(ErrorCode.LAYER_MISSING, "landlock is missing", report()),
        new Outcome.Crashed<>(9, "SIGKILL", report()),
        new Outcome.Cancelled<>(report()));
  }

  static Outcome<?> succeeded(Trip... trips) {
    return new Outcome.Succeeded<>(new Exit(0, new byte[0], new byte[0], Map.of()), report(trips));
  }

  static Outcome<?> failed() {
    return failed(OptionalInt.of(7));
  }

  static Outcome<?> failed(OptionalInt exitStatus) {
    return new Outcome.Failed<>(HOSTILE, exitStatus, HOSTILE, report());
  }

  private static TaskReport report(Trip... trips) {
    Layer layer =
        new Layer("seccomp", Optional.of(Protection.SECCOMP), Layer.State.IN_FORCE, "86 calls", "");
    Isolation isolation =
        new Isolation("process", "cgroup-v1", List.of("cheapest"), List.of(layer));
    Usage usage =
        new Usage(
            Duration.ofMillis(12),
            Duration.ofMillis(3),
            Duration.ofMillis(1),
            OptionalLong.of(4096),
            17);
    return new TaskReport("acme", isolation, usage, List.of(trips));
  }
}
