package io.cordon.engine.pool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.Policy;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers that wait for work. Each has a key of its own, and whoever takes the key out of the map
 * has the worker: so it is leased to one, and never closed under anybody's hands. What the cache
 * evicts, for its age or for want of room, is closed.
 *
 * <p>A worker waits for its own tenant only: its user and its control group were fixed at its
 * launch. So were its limits, and its heap by them: it serves no other policy's tasks.
 */
public final class WorkerPool implements AutoCloseable {
  private record Slot(Policy policy, WorkerKind kind, String strategy, long number) {
    boolean fits(Policy wanted, WorkerKind wantedKind, String wantedStrategy) {
      return isOf(wanted.tenant())
          && kind == wantedKind
          && strategy.equals(wantedStrategy)
          && sameLimits(policy, wanted);
    }

    boolean isOf(String tenant) {
      return policy.tenant().equals(tenant);
    }
  }

  private record Warming(String tenant, WorkerKind kind) {}

  private final PoolLimits limits;
  private final WorkerLauncher launcher;
  private final Supervisor supervisor;
  private final Ticker ticker;
  private final Cache<Slot, Worker> idle;
  private final AtomicLong numbers = new AtomicLong();

  /** Idle ones, and those that are being closed. */
  private final Set<Worker> held = ConcurrentHashMap.newKeySet();

  private final ConcurrentMap<Warming, WarmUp> warming = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Holds idle workers, and launches some ahead of their need. */
  public WorkerPool(
      PoolLimits limits, WorkerLauncher launcher, Supervisor supervisor, Ticker ticker) {
    this.limits = limits;
    this.launcher = launcher;
    this.supervisor = supervisor;
    this.ticker = ticker;
    this.idle =
        Caffeine.newBuilder()
            .ticker(ticker)
            .scheduler(Scheduler.systemScheduler())
            .expireAfterWrite(limits.idle())
            .maximumWeight(limits.bytes())
            .weigher((Slot slot, Worker worker) -> weight(worker))
            .removalListener(this::removed)
            // Closing a cell takes its time, and must not take it from who leases another one.
            .executor(work -> Thread.ofVirtual().name("cordon-evict").start(work))
            .build();
  }

  /** Whether a worker that was launched under one policy may serve the other. */
  private static boolean sameLimits(Policy one, Policy other) {
    return one.sandbox().equals(other.sandbox())
        && one.task().outputMax() == other.task().outputMax();
  }

  /** By bytes, but never so light that more than the total could wait. */
  private int weight(Worker worker) {
    long bytes = worker.cell().counters().memoryCurrent().orElse(0);
    long share = limits.bytes() / limits.total();
    return Math.clamp(Math.max(bytes, share), 1, Integer.MAX_VALUE);
  }

  private void removed(@Nullable Slot slot, @Nullable Worker worker, RemovalCause cause) {
    if (cause.wasEvicted() && worker != null) {
      discard(worker);
    }
  }

  private void discard(Worker worker) {
    worker.close();
    held.remove(worker);
  }

  /**
   * Takes an idle worker out that has the limits of this policy, if there is one; it is the
   * caller's then.
   */
  public Optional<Worker> lease(Policy policy, WorkerKind kind, IsolationStrategy strategy) {
    for (Slot slot : idle.asMap().keySet()) {
      Worker worker = slot.fits(policy, kind, strategy.name()) ? idle.asMap().remove(slot) : null;
      if (worker != null) {
        worker.cell().wake();
        if (worker.alive() && !killed(worker)) {
          held.remove(worker);
          return Optional.of(worker);
        }
        discard(worker); // it died while it waited
      }
    }
    return Optional.empty();
  }

  /** Its tenant's total may just have cost it its life: nobody else's task is to be told that. */
  private static boolean killed(Worker worker) {
    CellCounters counters = worker.cell().counters();
    return counters.memoryKills() > 0 || counters.tenant().memoryKills() > 0;
  }

  /**
   * Takes a worker that is fit for its tenant's next task; closes it where enough are waiting, or
   * where its limits are no longer those of the tenant's tasks.
   *
   * @param inForce the tenant's policy now
   */
  public void giveBack(Worker worker, Policy inForce) {
    held.add(worker);
    if (!sameLimits(worker.policy(), inForce) || !admit(worker)) {
      discard(worker);
    }
  }

  /**
   * Closes, in the background, a tenant's idle workers that have other limits than its policy has
   * now. One that is just being given back may be overlooked: nobody leases it any more, and it is
   * let go when it has been idle for long enough.
   */
  public void retire(Policy inForce) {
    for (Slot slot : idle.asMap().keySet()) {
      if (slot.isOf(inForce.tenant()) && !sameLimits(slot.policy(), inForce)) {
        Worker worker = idle.asMap().remove(slot);
        if (worker != null) {
          Thread.ofVirtual().name("cordon-retire").start(() -> discard(worker));
        }
      }
    }
  }

  private boolean admit(Worker worker) {
    if (!hasRoomFor(worker)) {
      return false;
    }
    worker.cell().rest(); // takes a micro-VM its time, which must not be other tenants'
    return put(worker);
  }

  private boolean hasRoomFor(Worker worker) {
    return !closed
        && waiting(worker.policy(), worker.kind(), worker.isolation().strategy())
            < limits.perTenant();
  }

  /** One at a time: of two that find the last free place, only one may take it. */
  private synchronized boolean put(Worker worker) {
    if (!hasRoomFor(worker)) {
      return false;
    }
    Slot slot =
        new Slot(
            worker.policy(),
            worker.kind(),
            worker.isolation().strategy(),
            numbers.incrementAndGet());
    idle.put(slot, worker);
    // With an executor of its own, the cache may leave the eviction to whoever uses it next.
    idle.cleanUp();
    // close() may have gone through the map before.
    return !closed || idle.asMap().remove(slot) == null;
  }

  private long waiting(Policy policy, WorkerKind kind, String strategy) {
    return idle.asMap().keySet().stream().filter(slot -> slot.fits(policy, kind, strategy)).count();
  }

  /**
   * Launches a worker in the background, unless one is waiting or on its way.
   *
   * @param inForce the tenant's policy at the moment
   */
  public void warmUp(
      IsolationStrategy strategy, Supplier<Policy> inForce, WorkerKind kind, Isolation isolation) {
    Policy policy = inForce.get();
    Warming key = new Warming(policy.tenant(), kind);
    if (closed || waiting(policy, kind, strategy.name()) > 0) {
      return;
    }
    WarmUp warmUp =
        new WarmUp(
            key, strategy, inForce, new RunningTask(policy, isolation, Optional.empty(), ticker));
    if (warming.putIfAbsent(key, warmUp) == null) {
      try {
        warmUp.thread.start();
      } catch (OutOfMemoryError e) { // the host has no thread to give: the next one may have one
        warming.remove(key);
        return;
      }
      if (closed) {
        warmUp.task.stop(new Stop.Cancelled());
      }
    }
  }

  private final class WarmUp {
    private final RunningTask task;
    private final Thread thread;

    WarmUp(Warming key, IsolationStrategy strategy, Supplier<Policy> inForce, RunningTask task) {
      this.task = task;
      this.thread =
          Thread.ofPlatform()
              .daemon()
              .name("cordon-warm-up-" + key.tenant())
              .unstarted(() -> run(key, strategy, inForce));
    }

    private void run(Warming key, IsolationStrategy strategy, Supplier<Policy> inForce) {
      supervisor.watch(task);
      try {
        Worker worker = launcher.launch(strategy, task.policy(), key.kind(), task);
        if (task.finish()) {
          giveBack(worker, inForce.get());
        } else {
          worker.close();
        }
      } catch (RuntimeException e) {
        // Nobody has asked for this one yet. Who does, launches it and is told what is wrong.
      } finally {
        supervisor.forget(task);
        warming.remove(key);
      }
    }
  }

  /** Closes every idle worker, and waits for those that are being launched or closed. */
  @Override
  public void close() {
    closed = true;
    for (WarmUp warmUp : Map.copyOf(warming).values()) {
      warmUp.task.stop(new Stop.Cancelled());
      Uninterruptibles.joinUninterruptibly(warmUp.thread);
    }
    idle.invalidateAll();
    idle.cleanUp();
    for (Worker worker : Set.copyOf(held)) {
      discard(worker);
    }
  }
}
