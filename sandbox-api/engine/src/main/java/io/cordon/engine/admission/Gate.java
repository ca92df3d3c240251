package io.cordon.engine.admission;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.admission.Admission.Waiting;
import io.cordon.engine.supervision.Watched;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets the tasks of all tenants begin. Tenants for whom something waits have turns: whose task has
 * begun comes last among them, so that one with a thousand waiting keeps out none with one.
 *
 * <p>One lock guards all of it: an admission is some additions under a lock that is free, which is
 * as cheap as counters without one, and needs no thought about who sees what when. Nobody is told
 * anything while it is held. Nothing here has a thread: who leaves lets the next one in, and time
 * passes when somebody {@linkplain #look looks}, as a supervisor does while anything waits.
 */
public final class Gate implements Watched {
  private final int places;
  private final Ticker ticker;
  private final Runnable whenSomebodyWaits;
  private final ReentrantLock lock = new ReentrantLock();

  // All of these are guarded by the lock.
  private final SequencedSet<Admission> turns = new LinkedHashSet<>();
  private int running;
  private boolean closed;

  /**
   * A gate.
   *
   * @param tasksConcurrent how many tasks of all tenants may run at once, if that is limited
   * @param whenSomebodyWaits is told that {@link #look} has something to do
   */
  public Gate(OptionalInt tasksConcurrent, Ticker ticker, Runnable whenSomebodyWaits) {
    this.places = tasksConcurrent.orElse(Integer.MAX_VALUE);
    this.ticker = ticker;
    this.whenSomebodyWaits = whenSomebodyWaits;
  }

  /** How a tenant's tasks come through it. */
  public Admission of(String tenant, AdmissionLimits limits) {
    return new Admission(tenant, limits, this, ticker);
  }

  boolean tryEnter(Admission tenant) {
    lock.lock();
    try {
      long now = tenant.now();
      // Nobody overtakes who came first.
      if (!tenant.queue().isEmpty() || obstacle(tenant, now).isPresent()) {
        return false;
      }
      begin(tenant, now);
      return true;
    } finally {
      lock.unlock();
    }
  }

  Ticket enter(Admission tenant, Entrant who) {
    List<Runnable> told = new ArrayList<>(1);
    Waiting waiting;
    boolean waits;
    lock.lock();
    try {
      long now = ticker.read();
      waiting = new Waiting(who, now, tenant.queueLimits().waitMax());
      if (closed) {
        told.add(() -> who.refused(Refusal.CLOSED));
      } else {
        lineUp(tenant, waiting, now, told);
      }
      waits = tenant.queue().contains(waiting);
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
    if (waits) {
      whenSomebodyWaits.run();
    }
    return () -> withdraw(tenant, waiting);
  }

  private void lineUp(Admission tenant, Waiting last, long now, List<Runnable> told) {
    AdmissionLimits.Queue limits = tenant.queueLimits();
    tenant.queue().add(last);
    turns.add(tenant);
    admitWhoMay(now, told);
    if (tenant.queue().size() > limits.max() && remove(tenant, last)) {
      Refusal full = refusal(tenant, now, full(limits));
      told.add(() -> last.who().refused(full));
    }
  }

  void change(Admission tenant, AdmissionLimits limits) {
    List<Runnable> told = new ArrayList<>(0);
    lock.lock();
    try {
      long now = ticker.read();
      tenant.take(limits, now);
      admitWhoMay(now, told);
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  private boolean withdraw(Admission tenant, Waiting waiting) {
    lock.lock();
    try {
      return remove(tenant, waiting);
    } finally {
      lock.unlock();
    }
  }

  void leave(Admission tenant) {
    List<Runnable> told = List.of();
    lock.lock();
    try {
      tenant.end();
      running--;
      if (!turns.isEmpty()) {
        told = new ArrayList<>();
        admitWhoMay(ticker.read(), told);
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  /** Lets in whom time lets in, and refuses who has waited too long. */
  @Override
  public boolean look() {
    List<Runnable> told = new ArrayList<>(0);
    lock.lock();
    try {
      if (turns.isEmpty()) {
        return false;
      }
      long now = ticker.read();
      admitWhoMay(now, told);
      for (Admission tenant : List.copyOf(turns)) {
        refuseWhoIsLate(tenant, now, told);
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
    return true;
  }

  /**
   * Lets nobody in any more. Who waits is left to whoever closes this, to be cancelled with what
   * runs: otherwise each task that is cancelled would let in the next one.
   */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses everything that waits: nobody would look after it. */
  @Override
  public void stop(Stop reason) {
    Refusal why =
        new Refusal(ErrorCode.LAUNCH_FAILED, "the host failed while it waited: " + reason);
    List<Waiting> all = new ArrayList<>();
    lock.lock();
    try {
      for (Admission tenant : turns) {
        all.addAll(tenant.queue());
        tenant.queue().clear();
      }
      turns.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(waiting -> waiting.who().refused(why));
  }

  /** Why nothing more begins on this host. */
  Refusal refusal(String waited) {
    return new Refusal(
        ErrorCode.HOST_BUSY,
        "%d tasks of all tenants are running already (Sandboxes.Builder.tasksConcurrent)%s: wait for one, or raise it"
            .formatted(places, waited));
  }

  private void admitWhoMay(long now, List<Runnable> told) {
    Optional<Admission> next = next(now);
    while (next.isPresent()) {
      Admission tenant = next.get();
      begin(tenant, now);
      told.add(tenant.queue().removeFirst().who()::admitted);
      turns.remove(tenant);
      if (!tenant.queue().isEmpty()) {
        turns.addLast(tenant);
      }
      next = next(now);
    }
  }

  /** Whose turn it is. Who can't take it keeps it. */
  private Optional<Admission> next(long now) {
    return isFull()
        ? Optional.empty()
        : turns.stream().filter(tenant -> tenant.obstacle(now).isEmpty()).findFirst();
  }

  /** Each of the queue: when it came, another time to wait may have held than for those before. */
  private void refuseWhoIsLate(Admission tenant, long now, List<Runnable> told) {
    List<Waiting> late = tenant.queue().stream().filter(each -> each.isLate(now)).toList();
    for (Waiting each : late) {
      remove(tenant, each);
      Refusal why = refusal(tenant, now, waited(each));
      told.add(() -> each.who().refused(why));
    }
  }

  private static String full(AdmissionLimits.Queue limits) {
    return limits.max() == 0 ? "" : ", and " + limits.max() + " wait already (tasks.queue.max)";
  }

  private static String waited(Waiting late) {
    String time = Limit.Unit.NANOSECONDS.format(late.waitMax().toNanos());
    return ", and it has waited for " + time + " (tasks.queue.wait)";
  }

  private Refusal refusal(Admission tenant, long now, String waited) {
    // It is waiting, so something keeps it; and if nothing of its own does, the others do.
    return tenant.refusal(obstacle(tenant, now).orElse(Obstacle.HOST_BUSY), now, waited);
  }

  private Optional<Obstacle> obstacle(Admission tenant, long now) {
    Optional<Obstacle> own = tenant.obstacle(now);
    return own.isEmpty() && isFull() ? Optional.of(Obstacle.HOST_BUSY) : own;
  }

  private boolean isFull() {
    return closed || running >= places;
  }

  private void begin(Admission tenant, long now) {
    running++;
    tenant.begin(now);
  }

  private boolean remove(Admission tenant, Waiting waiting) {
    boolean waited = tenant.queue().remove(waiting);
    if (waited && tenant.queue().isEmpty()) {
      turns.remove(tenant);
    }
    return waited;
  }
}
