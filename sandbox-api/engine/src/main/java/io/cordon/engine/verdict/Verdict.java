package io.cordon.engine.verdict;

import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellExit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * How a task ended, from what is known of it: a pure function. Who killed it first has the first
 * word: the host by what it stopped it for, or the kernel by its counters. Then speaks how the
 * program exited, and the guest last: what only it can tell of its limits is believed where nobody
 * objects, and told as {@link Evidence#GUEST}. The exit status of a native program is never taken
 * for a limit, whatever its number.
 */
public final class Verdict {
  private Verdict() {}

  /** The outcome that these facts amount to. */
  public static <T> Outcome<T> of(Facts<T> facts) {
    return facts
        .stop()
        .map(stop -> stopped(stop, facts))
        .orElseGet(
            () ->
                firstEffective(facts.report().trips())
                    .map(kill -> exceeded(kill, facts))
                    .orElseGet(() -> ended(facts)));
  }

  /** The host ended it: for the first reason that anybody had, the kernel included. */
  private static <T> Outcome<T> stopped(Stop stop, Facts<T> facts) {
    return switch (stop) {
      case Stop.LimitHit(Trip trip) when isDeadline(trip.limit()) ->
          unlessItWasFaster(facts, () -> exceeded(trip, facts));
      case Stop.LimitHit(Trip trip) -> exceeded(trip, facts);
      case Stop.Cancelled cancelled ->
          unlessItWasFaster(facts, () -> new Outcome.Cancelled<>(facts.report()));
      case Stop.Broken(String what) ->
          new Outcome.Failed<>(what, OptionalInt.empty(), "", facts.report());
    };
  }

  /**
   * A program that exited well before the kill reached it has done what it was to do: all that the
   * kill was for is that it should not go on.
   */
  private static <T> Outcome<T> unlessItWasFaster(Facts<T> facts, Supplier<Outcome<T>> otherwise) {
    return facts.word() instanceof Word.Returned<T>(T value)
            && facts.exit().isPresent()
            && endedWell(facts.exit())
            && firstEffective(facts.report().trips()).isEmpty()
        ? new Outcome.Succeeded<>(value, facts.report())
        : otherwise.get();
  }

  /**
   * The first trip that has had its effect without the host's stopping the task: the kernel killed
   * something, or output was cut off.
   */
  private static Optional<Trip> firstEffective(List<Trip> trips) {
    return trips.stream()
        .filter(trip -> trip.effect() == Limit.Effect.KILL && !isDeadline(trip.limit()))
        .findFirst();
  }

  /** Whether passing the limit does nothing by itself, until the host kills for it. */
  private static boolean isDeadline(Limit limit) {
    return switch (limit) {
      case WALL, CPU_TIME, START -> true;
      case MEMORY,
          OUTPUT,
          PIDS,
          DISK,
          DISK_INODES,
          CPU,
          STATEMENTS,
          STACK_DEPTH,
          TASKS_CONCURRENT,
          TASKS_RATE,
          CPU_BUDGET,
          TENANT_MEMORY,
          TENANT_PIDS ->
          false;
    };
  }

  /** The trip as the report has it: that may have grown since the kill. */
  private static <T> Outcome<T> exceeded(Trip trip, Facts<T> facts) {
    Trip reported =
        facts.report().trips().stream()
            .filter(other -> other.limit() == trip.limit())
            .findFirst()
            .orElse(trip);
    String trace = trip.limit() == Limit.WALL ? facts.threadDump() : "";
    return new Outcome.LimitExceeded<>(reported, trace, facts.report());
  }

  private static <T> Outcome<T> ended(Facts<T> facts) {
    if (facts.word() instanceof Word.Returned<T>(T value) && endedWell(facts.exit())) {
      return new Outcome.Succeeded<>(value, facts.report());
    }
    if (killedBySomebodyElse(facts.exit())) {
      return failed(facts);
    }
    TaskReport report =
        guestsTrip(facts).map(trip -> with(trip, facts.report())).orElseGet(facts::report);
    // It failed. If something was denied to it on the way, that is why: the kernel and the host
    // come first in the report, and what the guest says after them.
    return report.trips().stream()
        .filter(trip -> !isDeadline(trip.limit()))
        .findFirst()
        .<Outcome<T>>map(first -> new Outcome.LimitExceeded<>(first, report))
        .orElseGet(() -> failed(facts));
  }

  private static boolean endedWell(Optional<CellExit> exit) {
    return exit.isEmpty() || exit.get().equals(new CellExit.Exited(0));
  }

  /** No program answers a denial with a SIGKILL: what was denied to it before is not why. */
  private static boolean killedBySomebodyElse(Optional<CellExit> exit) {
    return exit.filter(
            how ->
                switch (how) {
                  case CellExit.Killed killed -> true;
                  case CellExit.Signaled(int signal) -> signal == Signals.SIGKILL;
                  case CellExit.Broke(CellExit.Part part, int signal, String what) ->
                      signal == Signals.SIGKILL;
                  case CellExit.Exited exited -> false;
                })
        .isPresent();
  }

  private static <T> Optional<Trip> guestsTrip(Facts<T> facts) {
    return switch (facts.word()) {
      case Word.MetItsLimit<T>(Trip trip) -> Optional.of(trip);
      case Word.RanOutOfMemory<T> none -> {
        long allowed = facts.limits().memoryMax();
        long observed = facts.report().usage().memoryPeak().orElse(allowed);
        yield Optional.of(
            new Trip(Limit.MEMORY, Limit.Effect.KILL, observed, allowed, Evidence.GUEST));
      }
      case Word.Silent<T> nothing -> Optional.empty();
      case Word.Returned<T> value -> Optional.empty();
      case Word.Threw<T> failure -> Optional.empty();
    };
  }

  private static TaskReport with(Trip trip, TaskReport report) {
    List<Trip> trips = new ArrayList<>(report.trips());
    trips.add(trip);
    return new TaskReport(report.tenant(), report.isolation(), report.usage(), trips);
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
      case CellExit.Broke(CellExit.Part part, int signal, String description) ->
          new Outcome.Crashed<>(signal, description, report);
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
