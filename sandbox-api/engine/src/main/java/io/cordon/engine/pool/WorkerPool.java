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
import io.cordon.sandbox.spi.IsolationStrategy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Workers that wait for work. Each has a key of its own, and whoever takes the key out of the map
 * has the worker: so it is leased to one, and never closed under anybody's hands. What the cache
 * evicts, for its age or for want of room, is closed.
 *
 * <p>A worker waits for its own tenant only: its user and its control group were fixed at its
 * launch.
 */
public final class WorkerPool implements AutoCloseable {
  private record Slot(String tenant, WorkerKind kind, String strategy, long number) {
    boolean fits(String wantedTenant, WorkerKind wantedKind, String wantedStrategy) {
      return tenant.equals(wantedTenant) && kind == wantedKind && strategy.equals(wantedStrategy);
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

  /** Takes an idle worker out, if there is one; it is the caller's then. */
  public Optional<Worker> lease(String tenant, WorkerKind kind, IsolationStrategy strategy) {
    for (Slot slot : idle.asMap().keySet()) {
      Worker worker = slot.fits(tenant, kind, strategy.name()) ? idle.asMap().remove(slot) : null;
      if (worker != null) {
        worker.cell().wake();
        if (worker.alive()) {
          held.remove(worker);
          return Optional.of(worker);
        }
        discard(worker); // it died while it waited
      }
    }
    return Optional.empty();
  }

  /** Takes a worker that is fit for its tenant's next task; closes it where enough are waiting. */
  public void giveBack(Worker worker) {
    held.add(worker);
    if (!admit(worker)) {
      discard(worker);
    }
  }

  /** One at a time: of two that find the last free place, only one may take it. */
  private synchronized boolean admit(Worker worker) {
    String strategy = worker.isolation().strategy();
    if (closed || waiting(worker.tenant(), worker.kind(), strategy) >= limits.perTenant()) {
      return false;
    }
    worker.cell().rest();
    Slot slot = new Slot(worker.tenant(), worker.kind(), strategy, numbers.incrementAndGet());
    idle.put(slot, worker);
    // With an executor of its own, the cache may leave the eviction to whoever uses it next.
    idle.cleanUp();
    // close() may have gone through the map before.
    return !closed || idle.asMap().remove(slot) == null;
  }

  private long waiting(String tenant, WorkerKind kind, String strategy) {
    return idle.asMap().keySet().stream().filter(slot -> slot.fits(tenant, kind, strategy)).count();
  }

  /** Launches a worker in the background, unless one is waiting or on its way. */
  public void warmUp(
      IsolationStrategy strategy, Policy policy, WorkerKind kind, Isolation isolation) {
    Warming key = new Warming(policy.tenant(), kind);
    if (closed || waiting(policy.tenant(), kind, strategy.name()) > 0) {
      return;
    }
    WarmUp warmUp =
        new WarmUp(
            key, strategy, policy, new RunningTask(policy, isolation, Optional.empty(), ticker));
    if (warming.putIfAbsent(key, warmUp) == null) {
      warmUp.thread.start();
      if (closed) {
        warmUp.task.stop(new Stop.Cancelled());
      }
    }
  }

  private final class WarmUp {
    private final RunningTask task;
    private final Thread thread;

    WarmUp(Warming key, IsolationStrategy strategy, Policy policy, RunningTask task) {
      this.task = task;
      this.thread =
          Thread.ofPlatform()
              .daemon()
              .name("cordon-warm-up-" + key.tenant())
              .unstarted(() -> run(key, strategy, policy));
    }

    private void run(Warming key, IsolationStrategy strategy, Policy policy) {
      supervisor.watch(task);
      try {
        Worker worker = launcher.launch(strategy, policy, key.kind(), task);
        if (task.finish()) {
          giveBack(worker);
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
