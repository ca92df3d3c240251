package io.cordon.engine.plugin;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.event.TaskSpan;
import io.cordon.engine.pool.Worker;
import io.cordon.engine.stream.Discard;
import io.cordon.engine.stream.GuestOutput;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.supervision.CounterTrips;
import io.cordon.engine.supervision.CpuMeter;
import io.cordon.engine.supervision.Inquiry;
import io.cordon.engine.supervision.PauseClock;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.supervision.TripListener;
import io.cordon.engine.supervision.Watched;
import io.cordon.engine.task.TenantScope;
import io.cordon.engine.verdict.Stop;
import io.cordon.engine.verdict.Word;
import io.cordon.policy.Limit;
import io.cordon.policy.Policy;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ContractException;
import io.cordon.worker.wire.MethodCodec;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A worker with one plugin in it. Its calls are tasks, one at a time; a call that has to be killed
 * takes the worker with it, and what was said of it is said of every later call.
 */
final class PluginSandbox implements Sandbox, Watched {
  private static final GuestOutput NOWHERE = new Discard();
  private static final Duration CHARGING = Duration.ofMillis(500);

  /** For so long, what has been seen is as good as what is: what is done meanwhile is little. */
  private static final Duration RECENT = Duration.ofMillis(20);

  private static final Quota ALL = new Quota(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

  private final TenantScope tenant;
  private final Worker worker;
  private final Isolation isolation;
  private final Supervisor supervisor;
  private final ValueCodecs codecs;
  private final TaskSpan spans;
  private final Ticker ticker;
  private final Consumer<PluginSandbox> whenClosed;
  private final long opened;
  private final CellCounters before;
  private final AtomicLong outputBytes = new AtomicLong();

  /** Held by the one call that the worker is at. */
  private final ReentrantLock calls = new ReentrantLock();

  /** A plugin keeps its state, so whoever asks for a service again gets the same object. */
  private final ConcurrentMap<Class<?>, Object> services = new ConcurrentHashMap<>();

  private final List<TripListener> listeners = new CopyOnWriteArrayList<>();

  private int servicesOpened; // guarded by calls
  private long tasks; // guarded by calls
  private volatile @Nullable RunningTask current;

  /** The call that would be the current one, had it been admitted. */
  private volatile @Nullable RunningTask waiting;

  private final CpuMeter meter;
  private final LastSeen seen;

  private volatile @Nullable Outcome<?> death;
  private volatile boolean closed;
  private final PauseClock pauses = new PauseClock();

  /** What it is held to now. */
  private volatile SandboxLimits limits;

  /** Held by who pauses, resumes or resizes it. */
  private final Object changing = new Object();

  /** What of its limits the application has made smaller than the policy's. Guarded by changing. */
  private Quota shrunk = ALL;

  private volatile boolean paused;

  private volatile long chargedAt; // written by the supervisor alone

  /** Of what happens between two calls: during one, the call's own task asks. */
  private final Inquiry inquiry;

  /**
   * What the counters were when they were last seen.
   *
   * @param at when that was
   * @param calls how many have ended since
   */
  private record Seen(CellCounters counters, long at, long calls) {
    boolean stale() {
      return calls > 0;
    }
  }

  /** Written by calls that end, and by the supervisor that looks meanwhile. */
  private static final class LastSeen {
    private Seen seen;

    LastSeen(Seen first) {
      seen = first;
    }

    synchronized Seen get() {
      return seen;
    }

    synchronized void set(Seen now) {
      seen = now;
    }

    synchronized void callEnded() {
      seen = new Seen(seen.counters(), seen.at(), seen.calls() + 1);
    }

    /** Unless a call has ended since. */
    synchronized void replace(Seen before, Seen now) {
      if (seen.equals(before)) {
        seen = now;
      }
    }
  }

  PluginSandbox(
      TenantScope tenant,
      Worker worker,
      Isolation isolation,
      Supervisor supervisor,
      ValueCodecs codecs,
      TaskSpan spans,
      Ticker ticker,
      Consumer<PluginSandbox> whenClosed) {
    this.tenant = tenant;
    this.worker = worker;
    this.limits = worker.policy().sandbox();
    this.isolation = isolation;
    this.supervisor = supervisor;
    this.codecs = codecs;
    this.spans = spans;
    this.ticker = ticker;
    this.whenClosed = whenClosed;
    this.opened = ticker.read();
    this.inquiry = new Inquiry(ticker);
    this.before = worker.cell().counters();
    this.meter = tenant.admission().meter();
    meter.begin(before.cpuNanos());
    this.seen = new LastSeen(new Seen(before, opened, 0));
    supervisor.watch(this);
    var _ =
        worker
            .cell()
            .exit()
            .thenRun(() -> Thread.ofVirtual().name("cordon-obituary").start(this::diedUnasked));
  }

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public <S> S service(Class<S> type) {
    requireAlive();
    return type.cast(services.computeIfAbsent(type, this::connect));
  }

  private Object connect(Class<?> type) {
    Contract contract;
    List<MethodCodec> methods;
    ToWorker.DefineContract definition;
    try {
      contract = Contract.of(type);
      methods = codecs.of(contract);
      definition = new ToWorker.DefineContract(type.getName(), contract.classFiles());
    } catch (ContractException e) {
      throw new SandboxException(
          ErrorCode.BAD_CONTRACT,
          "%s can't be a contract: %s".formatted(type.getName(), e.getMessage()),
          e);
    }
    int service = open(type, definition);
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        new ServiceProxy(this, service, contract, methods));
  }

  private int open(Class<?> type, ToWorker.DefineContract definition) {
    return whileAlive(
        task -> {
          int service = ++servicesOpened;
          try {
            ToHost answer =
                worker.channel().tell(definition)
                    ? ask(new ToWorker.OpenService(service, type.getName()), task)
                    : null;
            if (answer == null || !task.finish()) {
              throw died(task);
            }
            if (answer instanceof ToHost.ServiceMissing missing) {
              throw new SandboxException(
                  ErrorCode.SERVICE_MISSING,
                  "the plugin has no %s: %s"
                      .formatted(type.getName(), GuestText.plain(missing.reason())));
            }
            return service;
          } catch (ProtocolException e) {
            throw new SandboxException(
                ErrorCode.BAD_CONTRACT,
                "%s is too large a contract: %s".formatted(type.getName(), e.getMessage()),
                e);
          }
        });
  }

  /** Calls a method of a service in the worker. */
  @Nullable Object call(int service, int method, byte[] arguments, MethodCodec codec) {
    return whileAlive(
        task -> {
          ToHost answer;
          try {
            answer =
                ask(new ToWorker.Call(++tasks, service, method, arguments, task.timeLeft()), task);
          } catch (ProtocolException e) {
            throw new SandboxException(
                ErrorCode.BAD_VALUE, "the arguments are too large: " + e.getMessage(), e);
          }
          if (answer == null || !task.finish()) {
            throw died(task);
          }
          if (answer instanceof ToHost.Returned returned) {
            try {
              return codec.readResult(returned.value());
            } catch (ProtocolException e) {
              throw failed(
                  task,
                  new Word.Threw<>(
                      "its value is not what the contract says: "
                          + GuestText.plain(String.valueOf(e.getMessage())),
                      ""));
            }
          }
          if (answer instanceof ToHost.Threw threw) {
            throw failed(task, word(threw));
          }
          throw failed(
              task, new Word.Threw<>(GuestText.plain(((ToHost.Rejected) answer).reason()), ""));
        });
  }

  private static Word<Object> word(ToHost.Threw threw) {
    // Of the heap's end the JVM dies; of the end of what lies beside it, only the call does.
    if (threw.type().equals(OutOfMemoryError.class.getName())
        && Worker.isAboutMemory(threw.message())) {
      return new Word.RanOutOfMemory<>();
    }
    String message =
        threw.message().isEmpty() ? threw.type() : threw.type() + ": " + threw.message();
    return new Word.Threw<>(GuestText.plain(message), GuestText.plain(threw.trace()));
  }

  private @Nullable ToHost ask(ToWorker question, RunningTask task) throws ProtocolException {
    return worker.channel().ask(question, task, NOWHERE, NOWHERE);
  }

  /** Does one thing at a time, as a task that is counted and watched. */
  private <R extends @Nullable Object> R whileAlive(Function<RunningTask, R> work) {
    RunningTask task =
        new RunningTask(tenant.policy(), tenant::total, isolation, Optional.empty(), ticker, meter);
    try {
      calls.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      requireAlive(); // or what has been said of it is said again
      task.stop(new Stop.Cancelled());
      throw new OutcomeException(task.refused(ErrorCode.CLOSED, "interrupted"));
    }
    try {
      requireAlive();
      enter(task);
      TaskSpan span = spans.begin();
      try {
        begin(task);
        R result = work.apply(task);
        span.answered(task);
        return result;
      } catch (RuntimeException | Error e) {
        span.threw(task, e);
        throw e;
      } finally {
        current = null;
        seen.callEnded();
        outputBytes.addAndGet(task.output().bytes());
        tenant.admission().leave();
      }
    } finally {
      calls.unlock();
    }
  }

  private void enter(RunningTask task) {
    if (tenant.admission().tryEnter()) {
      return;
    }
    waiting = task;
    try {
      if (closed) {
        task.stop(new Stop.Cancelled()); // close() may have looked for a call before there was one
      }
      tenant
          .awaitAdmission(task)
          .ifPresent(
              outcome -> {
                spans.ended(task, outcome);
                throw new OutcomeException(outcome);
              });
    } finally {
      waiting = null;
    }
  }

  private void begin(RunningTask task) {
    task.attach(worker.cell(), isolation);
    dispatch(task);
    current = task;
    listeners.forEach(task::tell);
    task.cellResized(limits);
    if (paused) {
      task.cellPaused();
      if (!paused) { // resume() may have looked for a call before there was one
        task.cellResumed();
      }
    }
    supervisor.wake();
    if (closed) {
      task.stop(new Stop.Cancelled()); // close() may have looked for a call before there was one
    }
  }

  /** What was used and denied before is not this call's; and to read all of it takes its time. */
  private void dispatch(RunningTask task) {
    Cell cell = worker.cell();
    Seen last = seen.get();
    if (last.stale()) {
      task.dispatchUnmeasured(last.counters().withDenials(cell.denials()));
      return;
    }
    if (ticker.read() - last.at() > RECENT.toNanos()) {
      lookAt(last, cell.counters());
    }
    task.dispatch(seen.get().counters());
  }

  private void requireAlive() {
    Outcome<?> dead = death;
    if (dead != null) {
      throw new OutcomeException(dead);
    }
    if (closed) {
      throw new SandboxException(ErrorCode.CLOSED, "this sandbox is closed");
    }
  }

  private OutcomeException failed(RunningTask task, Word<Object> word) {
    Optional<CellCounters> told = worker.cell().inquire();
    told.ifPresent(now -> seen.set(new Seen(now, ticker.read(), 0)));
    CellCounters now = told.orElseGet(worker.cell()::counters);
    Outcome<?> outcome = task.end(now, Optional.empty(), word);
    if (outcome instanceof Outcome.LimitExceeded<?> limit
        && limit.trip().effect() == Limit.Effect.KILL) {
      bury(outcome);
    }
    return new OutcomeException(outcome);
  }

  private OutcomeException died(RunningTask task) {
    Outcome<?> outcome = worker.death(task);
    bury(outcome);
    return new OutcomeException(outcome);
  }

  private void bury(Outcome<?> outcome) {
    death = outcome;
    supervisor.forget(this);
    worker.close();
  }

  @Override
  public boolean look() {
    RunningTask task = current;
    if (task != null) {
      return task.look();
    }
    Seen last = seen.get();
    if (death != null || closed) {
      return false;
    }
    if (!last.stale()) {
      return chargeWhatNobodyAskedFor(last);
    }
    if (worker.cell().tellsWhenAsked()) {
      inquiry.ask(
          worker.cell(),
          told -> {
            if (current == null) {
              lookAt(last, told);
            }
          });
      return true;
    }
    return lookAt(last, worker.cell().counters());
  }

  /** What its threads use between two calls its tenant's budget is charged for, too. */
  private boolean chargeWhatNobodyAskedFor(Seen last) {
    if (!meter.counts()) {
      return false;
    }
    long now = ticker.read();
    if (now - chargedAt >= CHARGING.toNanos()) {
      chargedAt = now;
      lookAt(last, worker.cell().counters());
    }
    return true;
  }

  /**
   * It has died between two calls: who is told of kills is told now, and not when somebody calls.
   */
  private void diedUnasked() {
    RunningTask nothing =
        new RunningTask(tenant.policy(), tenant::total, isolation, Optional.empty(), ticker, meter);
    Outcome<?> outcome;
    calls.lock(); // a call that is under way says itself how it ended
    try {
      if (death != null || closed) {
        return;
      }
      nothing.attach(worker.cell(), isolation);
      nothing.dispatchUnmeasured(seen.get().counters());
      outcome = worker.death(nothing);
      bury(outcome);
    } finally {
      calls.unlock();
    }
    spans.ended(nothing, outcome); // without the lock: who is told may wait for who closes this
  }

  private boolean lookAt(Seen last, CellCounters now) {
    meter.read(now.cpuNanos());
    // Between two calls, or in one that was over before anybody looked: the next one is told.
    CounterTrips.memoryKill(now, limits, tenant.total())
        .ifPresent(kill -> worker.channel().doom(new Stop.LimitHit(kill)));
    // Not if a call has ended meanwhile: what it used was not to be charged to the next one.
    seen.replace(last, new Seen(now, ticker.read(), 0));
    return true;
  }

  @Override
  public void stop(Stop reason) {
    worker.channel().doom(reason);
  }

  @Override
  public void pause() {
    requireAlive();
    synchronized (changing) {
      worker.cell().pause();
      paused = true;
      pauses.pause(ticker.read());
      RunningTask task = current;
      if (task != null) {
        task.cellPaused();
      }
    }
  }

  @Override
  public void resume() {
    requireAlive();
    synchronized (changing) {
      paused = false;
      worker.cell().resume();
      pauses.resume(ticker.read());
      RunningTask task = current;
      if (task != null) {
        task.cellResumed();
      }
    }
  }

  @Override
  public Quota quota() {
    return quota(limits);
  }

  private static Quota quota(SandboxLimits limits) {
    return new Quota(limits.cpuMaxMillis(), limits.memoryMax(), limits.pidsMax());
  }

  private static Quota least(Quota one, Quota other) {
    return new Quota(
        Math.min(one.cpuMillis(), other.cpuMillis()),
        Math.min(one.memoryBytes(), other.memoryBytes()),
        Math.min(one.pids(), other.pids()));
  }

  @Override
  public void resize(UnaryOperator<Quota> change) {
    requireAlive();
    synchronized (changing) {
      Quota most = quota(tenant.policy().sandbox());
      // It may still have more, of what could not be taken from it when the policy changed.
      Quota wanted = change.apply(least(quota(), most));
      requireWithin(Limit.CPU, wanted.cpuMillis(), most.cpuMillis());
      requireWithin(Limit.MEMORY, wanted.memoryBytes(), most.memoryBytes());
      requireWithin(Limit.PIDS, wanted.pids(), most.pids());
      hold(limits.resized(wanted.cpuMillis(), wanted.memoryBytes(), wanted.pids()));
      shrunk =
          new Quota(
              wanted.cpuMillis() < most.cpuMillis() ? wanted.cpuMillis() : ALL.cpuMillis(),
              wanted.memoryBytes() < most.memoryBytes() ? wanted.memoryBytes() : ALL.memoryBytes(),
              wanted.pids() < most.pids() ? wanted.pids() : ALL.pids());
    }
  }

  /** Puts other limits into force, all of them or none. */
  private void hold(SandboxLimits now) {
    if (now.equals(limits)) {
      return;
    }
    worker.cell().resize(now);
    limits = now;
    RunningTask task = current;
    if (task != null) {
      task.cellResized(now);
    }
  }

  /** The policy that it is under now. */
  Policy policy() {
    return tenant.policy();
  }

  boolean isOf(String name) {
    return tenant.name().equals(name);
  }

  /**
   * Holds it to its tenant's policy, which may have changed: to each limit by itself, for one that
   * can't be put into force now is no reason to go without the others.
   *
   * @return what could not be put into force
   */
  List<SandboxEvent.Pending> follow() {
    synchronized (changing) {
      if (closed || death != null) {
        return List.of();
      }
      SandboxLimits policy = tenant.policy().sandbox();
      Quota wanted = least(quota(policy), shrunk);
      List<SandboxEvent.Pending> pending = new ArrayList<>(0);
      attempt(
          limits.resized(limits.cpuMaxMillis(), wanted.memoryBytes(), limits.pidsMax()), pending);
      attempt(limits.resized(wanted.cpuMillis(), limits.memoryMax(), limits.pidsMax()), pending);
      attempt(limits.resized(limits.cpuMaxMillis(), limits.memoryMax(), wanted.pids()), pending);
      attempt(limits.tuned(limits.tuning().withLiveOf(policy.tuning())), pending);
      if (!policy.disk().equals(limits.disk())
          || !policy.tuning().equals(limits.tuning().withLiveOf(policy.tuning()))) {
        pending.add(
            pending(
                ErrorCode.NOT_LIVE,
                "what the policy says of its disk, io, cpuset and files.max holds for sandboxes that"
                    + " are opened from now on"));
      }
      return pending;
    }
  }

  private void attempt(SandboxLimits wanted, List<SandboxEvent.Pending> pending) {
    try {
      hold(wanted);
    } catch (SandboxException e) {
      if (e.code() != ErrorCode.CLOSED) {
        pending.add(pending(e.code(), e.reason()));
      }
    }
  }

  /** Says that something of a policy does not hold for this sandbox. */
  SandboxEvent.Pending pending(ErrorCode code, String reason) {
    return new SandboxEvent.Pending(Optional.of(name()), code, reason);
  }

  private static void requireWithin(Limit limit, long wanted, long most) {
    if (wanted > most) {
      throw new SandboxException(
          ErrorCode.LIMIT_TOO_LARGE,
          "%s of %s is above the policy's %s: raise it there"
              .formatted(limit.key(), limit.format(wanted), limit.format(most)));
    }
    if (wanted <= 0) {
      throw new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "%s of %d: a sandbox that is to do nothing can be paused".formatted(limit.key(), wanted));
    }
  }

  @Override
  public void onTrip(Consumer<? super Trip> listener) {
    TripListener added = new TripListener(listener);
    listeners.add(added);
    RunningTask task = current;
    if (task != null) { // which may have looked for listeners before
      task.tell(added);
    }
  }

  @Override
  public Usage usage() {
    CellCounters now = worker.cell().counters();
    long clock = ticker.read();
    RunningTask task = current;
    long written = outputBytes.get() + (task == null ? 0 : task.output().bytes());
    return new Usage(
        Duration.ofNanos(clock - opened - pauses.paused(clock)),
        Duration.ofNanos(now.cpuUserNanos() - before.cpuUserNanos()),
        Duration.ofNanos(now.cpuSystemNanos() - before.cpuSystemNanos()),
        now.memoryPeak(),
        written,
        RunningTask.live(before, now, worker.cell().pressure()));
  }

  @Override
  public Isolation isolation() {
    return isolation;
  }

  @Override
  public void close() {
    closed = true;
    for (RunningTask task : new RunningTask[] {waiting, current}) {
      if (task != null) {
        task.stop(new Stop.Cancelled());
      }
    }
    calls.lock();
    try {
      supervisor.forget(this);
      worker.close();
    } finally { // also if something of it stays behind
      calls.unlock();
      whenClosed.accept(this);
      meter.read(worker.cell().counters().cpuNanos()); // of its whole life
    }
  }
}
