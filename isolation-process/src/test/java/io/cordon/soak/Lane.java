package io.cordon.soak;

import io.cordon.harness.Tools;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Does one run after the other, with tenants of its own. For one thread. */
final class Lane {

  private final int number;
  private final Scenarios scenarios;
  private final Oracle oracle;
  private final Tools tools;
  private final Plugin plugin;

  /** What waits for the next task of a tenant, and may have been the victim of the last. */
  private final Set<Waiting> mayBeDead = new HashSet<>();

  /** A worker that runs scripts, or one for a plugin. */
  private record Waiting(Profile profile, Class<? extends Work> forWork) {}

  Lane(int number, Scenarios scenarios, Oracle oracle, Tools tools, Plugin plugin) {
    this.number = number;
    this.scenarios = scenarios;
    this.oracle = oracle;
    this.tools = tools;
    this.plugin = plugin;
  }

  /**
   * How a run went.
   *
   * @param faults what was wrong; empty if all was well
   */
  record Went(Scenario scenario, Told told, List<String> faults) {

    /** The runner itself failed. */
    static Went not(Scenario scenario, Throwable e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      return new Went(
          scenario, new Told.Turned(ErrorCode.TASK_NOT_SUCCEEDED, "?"), List.of(trace.toString()));
    }

    /** The way in which it ended, in a word. */
    String kind() {
      return switch (told) {
        case Told.Ended(Outcome.LimitExceeded<?>(Trip trip, _, _), _) -> trip.limit().key();
        case Told.Ended(Outcome<?> outcome, _) -> outcome.getClass().getSimpleName();
        case Told.Answered answered -> "Succeeded";
        case Told.Turned(ErrorCode code, _) -> code.id();
      };
    }

    /** In a few lines. */
    String inWords() {
      return "%s%n  ended: %s%n  wrong: %s".formatted(scenario, told.inWords(), faults);
    }
  }

  /**
   * Does one.
   *
   * @param closing whether these sandboxes are being closed
   */
  Went run(int index, Sandboxes sandboxes, BooleanSupplier closing) {
    Scenario scenario = scenarios.draw(index);
    List<Ending> possible = new ArrayList<>();
    Profile profile = scenario.work().profile();
    Waiting forThis = new Waiting(profile, scenario.work().getClass());
    if (mayBeDead.contains(forThis)) {
      possible.add(new Ending.Signal(9));
    }
    Tenant tenant;
    try {
      tenant = sandboxes.tenant(profile.tenant(number));
    } catch (SandboxException e) {
      boolean closed = e.code() == ErrorCode.CLOSED && closing.getAsBoolean();
      return new Went(scenario, Told.of(e), closed ? List.of() : List.of("there is no tenant"));
    }
    Run run = Run.of(scenario.work(), tenant, tools, plugin);
    CompletableFuture<List<Ending>> struck =
        CompletableFuture.supplyAsync(
            () -> strike(scenario, run), task -> Thread.ofPlatform().daemon().start(task));
    long before = System.nanoTime();
    Told told = run.toItsEnd();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - before);
    List<Ending> ofTheStrike = struck.join();
    possible.addAll(ofTheStrike);
    Thread.interrupted(); // which may have come late
    if (closing.getAsBoolean()) {
      possible.add(new Ending.Cancelled());
      possible.add(new Ending.Refused(ErrorCode.CLOSED));
    }
    if (tookAWorker(told)) {
      mayBeDead.remove(forThis);
    }
    if (profile.ofWorkers() && ofTheStrike.contains(new Ending.Signal(9))) {
      mayBeDead.add(new Waiting(profile, Work.Snippet.class));
      mayBeDead.add(new Waiting(profile, Work.Calls.class));
    }
    run.checkThatItIsGone();
    List<String> faults = new ArrayList<>(run.complaints());
    faults.addAll(oracle.faults(scenario, possible, told, elapsed));
    return new Went(scenario, told, faults);
  }

  /** A run that was over before it had one has left the dead to the next. */
  private static boolean tookAWorker(Told told) {
    return switch (told) {
      case Told.Turned turned -> false;
      case Told.Ended(Outcome.Refused<?> refused, _) -> false;
      case Told.Ended(Outcome.Cancelled<?> cancelled, _) -> false;
      case Told.Ended ended -> true;
      case Told.Answered answered -> true;
    };
  }

  private static List<Ending> strike(Scenario scenario, Run run) {
    if (scenario.disturbance() instanceof Disturbance.Nothing nothing) {
      return nothing.strike(run);
    }
    Run.idle(scenario.after());
    return scenario.disturbance().strike(run);
  }
}
