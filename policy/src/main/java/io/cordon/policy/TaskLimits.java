package io.cordon.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * Limits of each task.
 *
 * @param wallMax {@code wall.max}: how long a task may take, from its dispatch
 * @param cpuTime {@code cpu.time}: how much processor time it may use, if that is limited
 * @param outputMax {@code output.max}: bytes that it may write to its standard streams and results
 * @param startMax {@code start.max}: how long its sandbox may take to start
 * @param onDeny what a denied request (a fork beyond {@code pids.max}, say) does to the task
 */
public record TaskLimits(
    Duration wallMax,
    Optional<Duration> cpuTime,
    long outputMax,
    Duration startMax,
    DenyAction onDeny) {

  /** What a denied request does to the task. */
  public enum DenyAction {
    /** The program gets the error; the task goes on. */
    CONTINUE("continue"),
    /** The task is killed at once. */
    KILL("kill");

    private final String key;

    DenyAction(String key) {
      this.key = key;
    }

    /** The word in a policy file. */
    public String key() {
      return key;
    }
  }
}
