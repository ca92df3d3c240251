package io.cordon.soak;

import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.SandboxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is done to a run while it is on its way. */
sealed interface Disturbance {

  /**
   * Does it.
   *
   * @return the endings that are possible now and were not before
   */
  List<Ending> strike(Run run);

  /** Whether nothing goes on for ever after it. */
  boolean ends();

  /** Nothing. */
  record Nothing() implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      return List.of();
    }

    @Override
    public boolean ends() {
      return false;
    }
  }

  /** The application cancels the task, or closes the sandbox. */
  record Cancel() implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      return run.cancel();
    }

    @Override
    public boolean ends() {
      return true;
    }
  }

  /** The thread that waits for the outcome is interrupted. */
  record Interrupt() implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      run.waiter().interrupt();
      return List.of(new Ending.Cancelled());
    }

    @Override
    public boolean ends() {
      return true;
    }
  }

  /**
   * Somebody else kills a process of it.
   *
   * @param cancelled whether the application cancels it then, as what has no end needs: the killed
   *     may have been a worker that waits, or a launcher that had done its part
   */
  record Kill(Victims.Whom whom, boolean cancelled) implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      List<Ending> possible = new ArrayList<>();
      boolean killed = run.victims().kill(whom, run::over);
      if (killed) { // where that is in the midst of its launch, it fails
        possible.add(new Ending.Signal(9));
        possible.add(new Ending.Refused(ErrorCode.LAUNCH_FAILED));
      }
      if (cancelled || !killed) {
        possible.addAll(run.cancel());
      }
      return possible;
    }

    @Override
    public boolean ends() {
      return true;
    }
  }

  /** Somebody else stops a process of it, and lets it go on later. */
  record Freeze(Victims.Whom whom, Duration pause) implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      run.victims().freeze(whom, pause, run::over);
      return List.of();
    }

    @Override
    public boolean ends() {
      return false;
    }
  }

  /** Somebody else stops a process of it, and the application cancels it then. */
  record FreezeAndCancel(Victims.Whom whom) implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      List<Ending> possible = new ArrayList<>();
      run.victims().frozen(whom, run::over, () -> possible.addAll(run.cancel()));
      return possible;
    }

    @Override
    public boolean ends() {
      return true;
    }
  }

  /** The application pauses it, and lets it go on, or cancels it then. */
  record Pause(Duration pause, boolean cancelled) implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      try {
        run.pause();
        Run.idle(pause);
        return cancelled ? run.cancel() : List.of();
      } catch (SandboxException e) {
        run.tolerate(e, ErrorCode.NOT_LIVE, ErrorCode.CLOSED, ErrorCode.TASK_NOT_SUCCEEDED);
        return cancelled ? run.cancel() : List.of();
      } finally {
        run.resume();
      }
    }

    @Override
    public boolean ends() {
      return cancelled;
    }
  }

  /** The application holds its sandbox tighter. */
  record Resize(int cpuMillis, long memoryBytes, int pids) implements Disturbance {
    @Override
    public List<Ending> strike(Run run) {
      try {
        run.resize(before -> new Quota(cpuMillis, memoryBytes, pids));
      } catch (SandboxException e) {
        run.tolerate(
            e,
            ErrorCode.LIMIT_IN_USE,
            ErrorCode.NOT_LIVE,
            ErrorCode.CLOSED,
            ErrorCode.TASK_NOT_SUCCEEDED);
      }
      return List.of(new Ending.Met(Limit.MEMORY, memoryBytes));
    }

    @Override
    public boolean ends() {
      return false;
    }
  }
}
