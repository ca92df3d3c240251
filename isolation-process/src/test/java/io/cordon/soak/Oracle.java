package io.cordon.soak;

import io.cordon.harness.StrategyUnderTest;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Knows what may be told of the end of a run, and finds fault with anything else. */
record Oracle(StrategyUnderTest strategy) {

  // What a cell is refused at its limit is at most a huge page: its peak is so close to the limit.
  private static final long LARGEST_CHARGE = 2 << 20;
  private static final long PAGE = 4096;

  /**
   * What is wrong with what was told.
   *
   * @param possible the endings that came of what was done to it
   * @param elapsed how long it took by the application's clock
   */
  List<String> faults(Scenario scenario, List<Ending> possible, Told told, Duration elapsed) {
    Work work = scenario.work();
    List<Ending> all = new ArrayList<>(work.natural());
    all.addAll(possible);
    List<String> faults = new ArrayList<>();
    if (told instanceof Told.Ended(Outcome<?> outcome, _)) {
      TaskReport report = outcome.report();
      if (!exact(report.isolation()) && all.contains(new Ending.Met(Limit.PIDS, Profile.PIDS))) {
        all.add(new Ending.Status(2)); // it was denied faster than anybody looked
      }
      report(work, outcome, faults);
      if (report.usage().wall().compareTo(elapsed) > 0) {
        faults.add("it used %s in %s".formatted(report.usage(), elapsed));
      }
    }
    if (all.stream().noneMatch(ending -> ending.isTold(told))) {
      faults.add("possible was " + all);
    }
    return faults;
  }

  private void report(Work work, Outcome<?> outcome, List<String> faults) {
    TaskReport report = outcome.report();
    boolean succeeded = outcome instanceof Outcome.Succeeded;
    Set<Limit> possible = limits(work);
    for (Trip trip : report.trips()) {
      if (!possible.contains(trip.limit())) {
        faults.add("a limit that it can't have met: " + trip);
      }
      if (!isConsistent(trip, work, report.isolation())) {
        faults.add("a trip that is none: " + trip);
      }
      if (succeeded && trip.effect() == Limit.Effect.KILL && !isDeadline(trip.limit())) {
        faults.add("a success in spite of " + trip);
      }
    }
    if (outcome instanceof Outcome.LimitExceeded<?>(Trip trip, _, _)
        && !report.trips().contains(trip)) {
      faults.add(trip + " is not among the trips");
    }
    if (succeeded && exact(report.isolation())) {
      for (Limit passed : work.passed()) {
        if (report.trips().stream().noneMatch(trip -> trip.limit() == passed)) {
          faults.add("nothing is said of " + passed);
        }
      }
    }
    if (!report.tenant().startsWith(work.profile().tenant(0).replace("0", ""))) {
      faults.add("it was said to be of " + report.tenant());
    }
    long peak = report.usage().memoryPeak().orElse(0);
    if (strategy.counting(report.isolation()) == Evidence.KERNEL
        && peak > work.profile().memory() + LARGEST_CHARGE) { // who is dying may go beyond
      faults.add("more memory than there may be: " + report.usage());
    }
  }

  private static Set<Limit> limits(Work work) {
    Set<Limit> limits = EnumSet.noneOf(Limit.class);
    limits.addAll(work.passed());
    for (Ending ending : work.natural()) {
      if (ending instanceof Ending.Met(Limit limit, _)) {
        limits.add(limit);
      }
    }
    return limits;
  }

  private boolean isConsistent(Trip trip, Work work, Isolation isolation) {
    long observed = trip.observed();
    long allowed = trip.allowed();
    return switch (trip.limit()) {
      case WALL -> observed >= allowed && trip.evidence() == Evidence.HOST;
      case CPU_TIME -> observed >= allowed && trip.evidence() == Evidence.KERNEL;
      case OUTPUT -> observed > allowed && trip.evidence() == Evidence.HOST;
      case MEMORY ->
          switch (trip.evidence()) {
            case KERNEL -> observed > allowed - LARGEST_CHARGE;
            case HOST -> observed > allowed;
            case GUEST -> work.profile().ofWorkers() || strategy.hasAKernelOfItsOwn();
          };
      case PIDS -> observed > 0 && trip.evidence() == strategy.counting(isolation);
      case DISK -> observed > allowed - PAGE;
      case DISK_INODES -> observed >= allowed;
      case STATEMENTS,
          STACK_DEPTH,
          START,
          CPU,
          TASKS_CONCURRENT,
          TASKS_RATE,
          CPU_BUDGET,
          TENANT_MEMORY,
          TENANT_PIDS ->
          false;
    };
  }

  private static boolean isDeadline(Limit limit) {
    return limit == Limit.WALL || limit == Limit.CPU_TIME;
  }

  /** Whether whoever counts misses nothing. */
  private boolean exact(Isolation isolation) {
    return strategy.hasAKernelOfItsOwn() || strategy.counting(isolation) == Evidence.KERNEL;
  }
}
