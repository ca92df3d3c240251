package io.cordon.engine.admission;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.supervision.CpuMeter;
import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.CpuBudget;
import io.cordon.policy.Limit.Unit;
import io.cordon.policy.TaskRate;
import io.cordon.sandbox.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Lets the tasks of one tenant begin, as its policy says; those that have to wait in the order in
 * which they came. Safe for use by several threads.
 */
public final class Admission {
  private final String tenant;
  private final Gate gate;
  private final Ticker ticker;

  /** Written under the gate's lock; read by whoever charges it. */
  private volatile @Nullable CpuWindow budget;

  // All of these are guarded by the gate's lock.
  private AdmissionLimits limits;
  private @Nullable TokenBucket bucket;
  private final SequencedSet<Waiting> queue = new LinkedHashSet<>();
  private int running;

  Admission(String tenant, AdmissionLimits limits, Gate gate, Ticker ticker) {
    this.tenant = tenant;
    this.limits = limits;
    this.gate = gate;
    this.ticker = ticker;
    long now = ticker.read();
    this.budget = limits.cpuBudget().map(it -> new CpuWindow(it, now)).orElse(null);
    this.bucket = limits.tasksRate().map(it -> new TokenBucket(it, now)).orElse(null);
  }

  /**
   * Lets a task begin, if it may at once: {@link #leave} is called when it has ended. If not, it
   * can {@link #enter} to wait, or to be told why.
   */
  public boolean tryEnter() {
    return gate.tryEnter(this);
  }

  /** Tells a task that it may begin, or why not: at once, or as soon as it has waited. */
  public Ticket enter(Entrant who) {
    return gate.enter(this, who);
  }

  /** A task that was admitted has ended. */
  public void leave() {
    gate.leave(this);
  }

  /**
   * Charges a cell's processor time to the tenant, from when it {@linkplain CpuMeter#begin begins};
   * as soon as there is a budget, if there is none now.
   */
  public CpuMeter meter() {
    return new BudgetMeter(this::budget, ticker);
  }

  private @Nullable CpuWindow budget() {
    return budget;
  }

  /**
   * Other limits hold from now on. What runs still counts, and so does what was begun and used of
   * late; what waits begins if it may now, and waits on otherwise, until the time that it was
   * given.
   */
  public void change(AdmissionLimits now) {
    gate.change(this, now);
  }

  /** Under the gate's lock. */
  void take(AdmissionLimits changed, long now) {
    TokenBucket tokens = bucket;
    if (!changed.tasksRate().equals(limits.tasksRate())) {
      bucket =
          changed
              .tasksRate()
              .map(rate -> tokens == null ? new TokenBucket(rate, now) : tokens.at(rate, now))
              .orElse(null);
    }
    CpuWindow window = budget;
    if (!changed.cpuBudget().equals(limits.cpuBudget())) {
      budget =
          changed
              .cpuBudget()
              .map(it -> window == null ? new CpuWindow(it, now) : window.changed(it, now))
              .orElse(null);
    }
    limits = changed;
  }

  /** The time, if any of the tenant's own limits needs it: to read a clock is not for nothing. */
  long now() {
    return bucket == null && budget == null ? 0 : ticker.read();
  }

  AdmissionLimits.Queue queueLimits() {
    return limits.queue();
  }

  SequencedSet<Waiting> queue() {
    return queue;
  }

  /** What of the tenant's own limits keeps its next task from beginning. */
  Optional<Obstacle> obstacle(long now) {
    if (running >= limits.tasksConcurrent().orElse(Integer.MAX_VALUE)) {
      return Optional.of(Obstacle.TENANT_BUSY);
    }
    CpuWindow window = budget;
    if (window != null && window.untilLeft(now) > 0) {
      return Optional.of(Obstacle.BUDGET_USED);
    }
    if (bucket != null && bucket.untilToken(now) > 0) {
      return Optional.of(Obstacle.RATE_REACHED);
    }
    return Optional.empty();
  }

  void begin(long now) {
    running++;
    if (bucket != null) {
      bucket.take(now);
    }
  }

  void end() {
    running--;
  }

  /**
   * Says why a task is refused.
   *
   * @param waited what it has tried before, to be added
   */
  Refusal refusal(Obstacle obstacle, long now, String waited) {
    return switch (obstacle) {
      case TENANT_BUSY ->
          new Refusal(
              ErrorCode.TOO_MANY_TASKS,
              "tenant %s has its %d tasks running already (tasks.concurrent)%s: wait for one, or raise it"
                  .formatted(tenant, limits.tasksConcurrent().orElseThrow(), waited));
      case BUDGET_USED -> {
        CpuBudget allowed = limits.cpuBudget().orElseThrow();
        CpuWindow window = requireSet(budget);
        yield new Refusal(
            ErrorCode.BUDGET_EXCEEDED,
            "tenant %s has used %s of its cpu.budget of %s%s: there is some again in %s, or raise it"
                .formatted(
                    tenant, time(window.used(now)), allowed, waited, time(window.untilLeft(now))));
      }
      case RATE_REACHED -> {
        TaskRate rate = limits.tasksRate().orElseThrow();
        yield new Refusal(
            ErrorCode.RATE_EXCEEDED,
            "tenant %s has begun tasks at its tasks.rate of %s%s: the next may begin in %s, or raise it"
                .formatted(tenant, rate, waited, time(requireSet(bucket).untilToken(now))));
      }
      case HOST_BUSY -> gate.refusal(waited);
    };
  }

  private static <T> T requireSet(@Nullable T limit) {
    if (limit == null) {
      throw new IllegalStateException("no such limit");
    }
    return limit;
  }

  private static String time(long nanos) {
    return Unit.NANOSECONDS.formatRounded(nanos);
  }

  /** One that waits, since when, and for how long. */
  static final class Waiting {
    private final Entrant who;
    private final long since;
    private final Duration waitMax;

    Waiting(Entrant who, long since, Duration waitMax) {
      this.who = who;
      this.since = since;
      this.waitMax = waitMax;
    }

    Entrant who() {
      return who;
    }

    Duration waitMax() {
      return waitMax;
    }

    boolean isLate(long now) {
      return now - since >= waitMax.toNanos();
    }
  }
}
