package io.cordon.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When a task of a tenant may begin, and how long it may wait for that.
 *
 * @param tasksConcurrent {@code tasks.concurrent}: how many may run at once
 * @param tasksRate {@code tasks.rate}: how many may begin in a while
 * @param cpuBudget {@code cpu.budget}: the processor time of all of them in a while
 * @param queue {@code tasks.queue}: how many may wait, and how long
 */
public record AdmissionLimits(
    OptionalInt tasksConcurrent,
    Optional<TaskRate> tasksRate,
    Optional<CpuBudget> cpuBudget,
    Queue queue) {

  /** Every task begins at once. */
  public static final AdmissionLimits NONE = concurrent(OptionalInt.empty());

  /**
   * Where tasks wait that may not begin yet; first come, first served.
   *
   * @param max how many may wait; with 0, none does, and what may not begin is refused at once
   * @param waitMax how long one waits before it is refused
   */
  public record Queue(int max, Duration waitMax) {
    /** Nobody waits. */
    public static final Queue NONE = new Queue(0, Duration.ofSeconds(5));
  }

  /** A limit on the number of tasks alone, if on that. */
  public static AdmissionLimits concurrent(OptionalInt tasks) {
    return new AdmissionLimits(tasks, Optional.empty(), Optional.empty(), Queue.NONE);
  }
}
