package io.cordon.engine.verdict;

import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellExit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a task ended, from what is known of it: a pure function. The kernel's counters speak first,
 * then what the host did, then how the program exited, and the guest's word last. An exit status is
 * never taken for a limit, whatever its number.
 */
public final class Verdict {
  private Verdict() {}

  /** The outcome that these facts amount to. */
  public static <T> Outcome<T> of(Facts<T> facts) {
    Optional<Trip> kill = firstKill(facts.report().trips());
    if (kill.isPresent()) {
      return new Outcome.LimitExceeded<>(kill.get(), facts.report());
    }
    return facts
        .stop()
        .map(stop -> Verdict.<T>stopped(stop, facts.report()))
        .orElseGet(() -> ended(facts));
  }

  /**
   * The first that killed; where two evidences disagree about "first", the kernel's is believed.
   */
  private static Optional<Trip> firstKill(List<Trip> trips) {
    return trips.stream()
        .filter(trip -> trip.effect() == Limit.Effect.KILL)
        .min(Comparator.comparing(Trip::evidence));
  }

  private static <T> Outcome<T> stopped(Stop stop, TaskReport report) {
    return switch (stop) {
      case Stop.LimitHit hit -> new Outcome.LimitExceeded<>(hit.trip(), report);
      case Stop.Cancelled cancelled -> new Outcome.Cancelled<>(report);
      case Stop.Broken broken ->
          new Outcome.Failed<>(broken.what(), OptionalInt.empty(), "", report);
    };
  }

  private static <T> Outcome<T> ended(Facts<T> facts) {
    if (facts.word() instanceof Word.RanOutOfMemory<T>) {
      return ranOutOfMemory(facts);
    }
    if (facts.word() instanceof Word.Returned<T>(T value) && endedWell(facts.exit())) {
      return new Outcome.Succeeded<>(value, facts.report());
    }
    // It failed. If something was denied to it on the way, that is why.
    return facts.report().trips().stream()
        .filter(trip -> trip.effect() == Limit.Effect.DENY)
        .findFirst()
        .<Outcome<T>>map(denial -> new Outcome.LimitExceeded<>(denial, facts.report()))
        .orElseGet(() -> failed(facts));
  }

  private static boolean endedWell(Optional<CellExit> exit) {
    return exit.isEmpty() || exit.get().equals(new CellExit.Exited(0));
  }

  private static <T> Outcome<T> ranOutOfMemory(Facts<T> facts) {
    TaskReport report = facts.report();
    long allowed = facts.limits().memoryMax();
    Trip trip =
        new Trip(
            Limit.MEMORY,
            Limit.Effect.KILL,
            report.usage().memoryPeak().orElse(allowed),
            allowed,
            Evidence.GUEST);
    List<Trip> trips = new ArrayList<>(report.trips());
    trips.add(trip);
    return new Outcome.LimitExceeded<>(
        trip, new TaskReport(report.tenant(), report.isolation(), report.usage(), trips));
  }

  private static <T> Outcome<T> failed(Facts<T> facts) {
    TaskReport report = facts.report();
    if (facts.exit().isEmpty()) {
      return said(facts.word(), "it gave no answer", OptionalInt.empty(), report);
    }
    return switch (facts.exit().get()) {
      case CellExit.Exited(int status) ->
          said(facts.word(), "exit status " + status, OptionalInt.of(status), report);
      case CellExit.Signaled(int signal) ->
          new Outcome.Crashed<>(
              signal, Signals.name(signal) + ", as the kernel told its parent", report);
      case CellExit.Killed() ->
          new Outcome.Crashed<>(
              Signals.SIGKILL,
              "SIGKILL from outside the sandbox, not by Cordon, and no counter of the kernel says why",
              report);
    };
  }

  private static <T> Outcome<T> said(
      Word<T> word, String otherwise, OptionalInt status, TaskReport report) {
    return word instanceof Word.Threw<T>(String message, String trace)
        ? new Outcome.Failed<>(message, status, trace, report)
        : new Outcome.Failed<>(otherwise, status, "", report);
  }
}
