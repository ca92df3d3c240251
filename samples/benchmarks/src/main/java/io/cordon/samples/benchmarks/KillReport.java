package io.cordon.samples.benchmarks;

import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * How long it takes to end what does not want to end: until everybody is signalled, and until
 * nothing is left. And what it takes to look at what runs.
 */
final class KillReport {
  private static final int KILLS = 100;
  private static final double SIGNALLED_MILLIS = 100;
  private static final double REAPED_MILLIS = 1000;

  private final Tenant tenant;
  private final Tenant hasty;
  private final PrintStream out;

  /**
   * A report.
   *
   * @param hasty a tenant whose {@code wall.max} is short
   */
  KillReport(Tenant tenant, Tenant hasty, PrintStream out) {
    this.tenant = tenant;
    this.hasty = hasty;
    this.out = out;
  }

  /** Measures, prints, and says whether every target was met. */
  boolean run(Sandbox plugin) throws Exception {
    out.println("From the reason of a kill until nothing of it is left");
    Samples cancelling = new Samples("cancel() itself: everybody is signalled");
    Samples gone = new Samples("all of these together");
    kill("asleep", "echo; exec sleep 1000", cancelling, gone, task -> {});
    kill("ignores every signal", IGNORES, cancelling, gone, task -> {});
    kill("has stopped itself", "echo; kill -STOP $$", cancelling, gone, task -> {});
    kill("is paused", "echo; exec sleep 1000", cancelling, gone, TaskHandle::pause);
    kill("has daemons", DAEMONS, cancelling, gone, task -> {});
    kill("spins in eight processes", SPINS, cancelling, gone, task -> {});
    kill("blocked: nobody reads its output", BLOCKED, cancelling, gone, task -> {});
    out.println(gone.row());
    out.println(cancelling.row());
    boolean met =
        Target.atMost(REAPED_MILLIS)
            .judge(out, "until nothing is left, p99 ms", gone.percentileMillis(99));
    met &=
        Target.atMost(SIGNALLED_MILLIS)
            .judge(out, "until all are signalled, most ms", cancelling.percentileMillis(100));
    met &= clock();
    met &= usage(plugin);
    return met;
  }

  private static final String IGNORES =
      "trap '' HUP INT QUIT TERM USR1 USR2 PIPE ALRM; echo; while :; do sleep 1000; done";
  private static final String DAEMONS =
      "for i in 1 2 3 4; do setsid sh -c 'setsid sleep 1000 &' & done; echo; sleep 1000";
  private static final String SPINS =
      "for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done; echo; wait";
  private static final String BLOCKED = "echo; exec yes";

  private void kill(
      String what,
      String script,
      Samples cancelling,
      Samples all,
      Consumer<TaskHandle<Exit>> preparation)
      throws IOException {
    Samples gone = new Samples(what);
    for (int n = 0; n < KILLS; n++) {
      TaskHandle<Exit> task =
          tenant.submit(Command.of("sh", "-c", script).stdout(Command.Output.STREAM));
      if (task.stdout().read() < 0) {
        throw new IllegalStateException("it never began: " + task.outcome());
      }
      preparation.accept(task);
      long reason = System.nanoTime();
      task.cancel();
      cancelling.add(System.nanoTime() - reason);
      Outcome<Exit> outcome = task.outcome();
      long elapsed = System.nanoTime() - reason;
      gone.add(elapsed);
      all.add(elapsed);
      if (!(outcome instanceof Outcome.Cancelled<Exit>)) {
        throw new IllegalStateException("cancelled, but it ended otherwise: " + outcome);
      }
    }
    out.println(gone.row());
  }

  private boolean clock() {
    Samples late = new Samples("wall.max: how late the kill is");
    for (int n = 0; n < KILLS; n++) {
      Outcome<Exit> outcome = hasty.submit(Command.of("sleep", "1000")).outcome();
      if (!(outcome instanceof Outcome.LimitExceeded<Exit> exceeded)
          || exceeded.limit() != Limit.WALL) {
        throw new IllegalStateException("it had to meet the clock: " + outcome);
      }
      late.add(exceeded.observed() - exceeded.allowed());
    }
    out.println(late.row());
    return Target.atMost(SIGNALLED_MILLIS)
        .judge(out, "wall.max: how late, most ms", late.percentileMillis(100));
  }

  private boolean usage(Sandbox plugin) throws Exception {
    TaskHandle<Exit> sleeper = tenant.submit(Command.of("sh", "-c", "echo; exec sleep 1000"));
    try {
      if (sleeper.stdout().read() < 0) {
        throw new IllegalStateException("it never began: " + sleeper.outcome());
      }
      Contest contest = new Contest();
      Samples ofTask = contest.enter("usage() of a task", 50, sleeper::usage);
      Samples ofSandbox = contest.enter("usage() of a plugin's sandbox", 50, plugin::usage);
      contest.run(100, 100);
      out.println("To look at what runs");
      out.println(ofTask.row());
      out.println(ofSandbox.row());
      out.printf(Locale.ROOT, "  (medians: %.1f and %.1f us)%n", micros(ofTask), micros(ofSandbox));
      return Target.atMost(50)
          .judge(out, "usage(), us", Math.max(micros(ofTask), micros(ofSandbox)));
    } finally {
      sleeper.cancel();
      sleeper.outcome();
    }
  }

  private static double micros(Samples samples) {
    return samples.medianMillis() * 1000;
  }
}
