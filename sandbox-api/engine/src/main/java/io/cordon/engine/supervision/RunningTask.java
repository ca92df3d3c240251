package io.cordon.engine.supervision;

import static io.cordon.policy.Limit.Effect.KILL;
import static io.cordon.sandbox.Evidence.HOST;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.stream.OutputMeter;
import io.cordon.engine.verdict.Facts;
import io.cordon.engine.verdict.Stop;
import io.cordon.engine.verdict.Verdict;
import io.cordon.engine.verdict.Word;
import io.cordon.policy.Limit;
import io.cordon.policy.Policy;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TaskLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One task while it runs: where its deadlines, its counters and everything that may end it come
 * together. It begins when it was submitted, is dispatched once its cell is there, and ends with a
 * verdict. Safe for use by several threads.
 */
public final class RunningTask implements Watched {
  private static final long NEVER = Long.MAX_VALUE;

  private final Policy policy;
  private volatile SandboxLimits sandbox;
  private final Supplier<TenantLimits> total;
  private final TaskLimits limits;
  private final Ticker ticker;
  private final long submitted;
  private final long timeout;
  private final CpuMeter meter;
  private final OutputMeter output;
  private final TripLog trips = new TripLog();
  private final PauseClock pauses = new PauseClock();

  /** Held by who pauses or resumes its cell. */
  private final Object pausing = new Object();

  private volatile boolean pauseWanted;

  private volatile Phase phase = new Phase.Submitted();
  private volatile Isolation isolation;
  private volatile @Nullable Cell cell;
  private volatile @Nullable Inquiry inquiry; // where the cell tells when it is asked
  private volatile @Nullable Stop stop;
  private volatile @Nullable Thread waiter;
  private volatile Runnable whenStopped = () -> {};
  private volatile boolean ended;
  private volatile @Nullable Usage finalUsage;
  private volatile String threadDump = "";

  /** How far it has got. */
  private sealed interface Phase {
    /** Nothing is done for it yet that has a deadline of its own. */
    record Submitted() implements Phase {}

    /** Its cell is being launched. */
    record Launching(long since) implements Phase {}

    /** Its cell works on it. */
    record Dispatched(long at, Baseline baseline) implements Phase {}
  }

  /**
   * What its cell had used before.
   *
   * @param counters about when it was dispatched
   * @param cpuKnown whether their processor time is that of the dispatch
   */
  private record Baseline(CellCounters counters, boolean cpuKnown) {

    /** Takes its processor time from now on, if it is not known from when. */
    Baseline completed(CellCounters now) {
      return cpuKnown
          ? this
          : new Baseline(counters.withCpu(now.cpuUserNanos(), now.cpuSystemNanos()), true);
    }
  }

  /**
   * Begins a task.
   *
   * @param policy whose limits it is held to, to its end
   * @param total what all cells of its tenant are held to at the moment
   * @param isolation what is to isolate it, as long as it has no cell
   * @param timeout what the application allows from now on, if it says so
   * @param meter is told of the processor time that its cell uses for it
   */
  public RunningTask(
      Policy policy,
      Supplier<TenantLimits> total,
      Isolation isolation,
      Optional<Duration> timeout,
      Ticker ticker,
      CpuMeter meter) {
    this.policy = policy;
    this.sandbox = policy.sandbox();
    this.total = total;
    this.limits = policy.task();
    this.isolation = isolation;
    this.ticker = ticker;
    this.meter = meter;
    this.submitted = ticker.read();
    this.timeout = timeout.map(RunningTask::nanos).orElse(NEVER);
    this.output =
        new OutputMeter(
            limits.outputMax(),
            bytes -> killFor(new Trip(Limit.OUTPUT, KILL, bytes, limits.outputMax(), HOST)));
  }

  /** Begins a task whose processor time nobody wants to know, under a policy that stays. */
  public RunningTask(
      Policy policy, Isolation isolation, Optional<Duration> timeout, Ticker ticker) {
    this(policy, policy::limits, isolation, timeout, ticker, CpuMeter.NONE);
  }

  /** The policy whose limits it is held to. */
  public Policy policy() {
    return policy;
  }

  /**
   * Does this when it is stopped, or at once if it is already: for who waits with it without a
   * thread. It may be done more than once, and by any thread.
   */
  public void whenStopped(Runnable what) {
    whenStopped = what;
    if (stop != null) {
      what.run();
    }
  }

  /**
   * Waits for something that others wait for, too. Returns false if it is stopped before; an
   * interrupt cancels it.
   */
  public boolean await(CompletableFuture<?> preparation) {
    Thread thread = Thread.currentThread();
    waiter = thread;
    CompletableFuture<?> wakeUp =
        preparation.whenComplete((ready, failure) -> LockSupport.unpark(thread));
    boolean interrupted = false;
    while (!preparation.isDone() && stop == null) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        interrupted = true;
        stop(new Stop.Cancelled());
      }
    }
    waiter = null;
    wakeUp.cancel(false); // nobody is left to be woken, if it was stopped
    if (interrupted) {
      thread.interrupt();
    }
    return stop == null;
  }

  /**
   * Waits for what the task can't be launched without.
   *
   * @throws SandboxException with which the preparation has failed, or because the task was stopped
   */
  public <T> T need(CompletableFuture<T> preparation) {
    if (!await(preparation)) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "it was stopped before it was launched");
    }
    try {
      return preparation.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SandboxException reason) {
        throw reason;
      }
      throw e;
    }
  }

  /** Its cell is about to be launched: {@code start.max} runs from now on. */
  public void launching() {
    phase = new Phase.Launching(ticker.read());
  }

  /** How long its launch may take. */
  public Duration startMax() {
    long left = timeout == NEVER ? NEVER : timeout - (ticker.read() - submitted);
    Duration startMax = limits.startMax();
    return left >= nanos(startMax) ? startMax : Duration.ofNanos(Math.max(1, left));
  }

  /** It has a cell, which is still starting; whatever stops the task kills the cell. */
  public void attach(Cell cell) {
    attach(
        cell, new Isolation(isolation.strategy(), cell.tier(), isolation.reasons(), cell.layers()));
  }

  /** What it needs for its work is there: its launch is over. */
  public void launched() {
    if (phase instanceof Phase.Launching(long since)) {
      isolation = isolation.launchedIn(Duration.ofNanos(ticker.read() - since));
    }
  }

  /** It has a cell, of which is known already how it is isolated. */
  public void attach(Cell cell, Isolation isolation) {
    this.isolation = isolation;
    if (cell.tellsWhenAsked()) {
      this.inquiry = new Inquiry(ticker);
    }
    this.cell = cell;
    cell.onEvent(this::look);
    if (stop != null) {
      cell.kill();
    }
  }

  /**
   * Its cell works on it from now on.
   *
   * @param before what the cell has used until now
   */
  public void dispatch(CellCounters before) {
    meter.begin(before.cpuNanos());
    phase = new Phase.Dispatched(ticker.read(), new Baseline(before, true));
    synchronized (pausing) { // or who resumes it meanwhile would be forgotten
      if (pauseWanted) {
        pause();
      }
    }
  }

  /**
   * Its cell works on it from now on; for a call that is shorter than it takes to read a counter.
   * Its processor time is counted from the first look on.
   *
   * @param lastSeen what the cell had used when it was last looked at
   */
  public void dispatchUnmeasured(CellCounters lastSeen) {
    phase = new Phase.Dispatched(ticker.read(), new Baseline(lastSeen, false));
  }

  /** Stops its cell, and the clock of its {@code wall.max}; as soon as it has one. */
  public void pause() {
    synchronized (pausing) {
      pauseWanted = true;
      Cell working = cell;
      if (ended || stop != null || working == null || !(phase instanceof Phase.Dispatched)) {
        return;
      }
      working.pause();
      pauses.pause(ticker.read());
    }
  }

  /** Lets its cell, and its clock, go on. */
  public void resume() {
    synchronized (pausing) {
      pauseWanted = false;
      Cell working = cell;
      if (working != null && !ended) {
        working.resume();
      }
      pauses.resume(ticker.read());
    }
  }

  /** Somebody else has paused its cell: the clock of its {@code wall.max} stops. */
  public void cellPaused() {
    pauses.pause(ticker.read());
  }

  /** Somebody else has resumed its cell. */
  public void cellResumed() {
    pauses.resume(ticker.read());
  }

  /** Its cell is held to other limits from now on. */
  public void cellResized(SandboxLimits limits) {
    sandbox = limits;
  }

  /** Ends it for this reason, unless it has ended, or is being ended for another one, already. */
  @Override
  public void stop(Stop reason) {
    if (ended || stop != null) {
      return;
    }
    // Read before the kill: what the kernel has killed by now, it killed first.
    Optional<Trip> kernels = memoryKill();
    synchronized (this) {
      if (ended || stop != null) {
        return;
      }
      stop = kernels.<Stop>map(Stop.LimitHit::new).orElse(reason);
      kernels.ifPresent(trips::note);
      if (reason instanceof Stop.LimitHit hit) {
        trips.note(hit.trip());
      }
    }
    Cell now = cell;
    if (now != null) {
      now.kill();
    }
    LockSupport.unpark(waiter);
    whenStopped.run();
  }

  private Optional<Trip> memoryKill() {
    Cell working = cell;
    if (working == null) {
      return Optional.empty();
    }
    try {
      return CounterTrips.memoryKill(working.counters(), sandbox, total.get());
    } catch (RuntimeException e) {
      return Optional.empty(); // a cell that can't be read is killed all the same
    }
  }

  /** Why it was ended, if it was. */
  public Optional<Stop> stopped() {
    return Optional.ofNullable(stop);
  }

  /**
   * It has its answer; nothing stops it any more. Returns false if something already did: then its
   * cell is being killed, and how it ended is for {@link #end} to say.
   */
  public boolean finish() {
    boolean first;
    synchronized (this) {
      ended = true;
      first = stop == null;
    }
    if (pauseWanted) { // it had its answer when it was paused: its cell may be for others, too
      letGo();
    }
    return first;
  }

  private void letGo() {
    synchronized (pausing) {
      Cell paused = cell;
      if (pauseWanted && paused != null) {
        paused.resume();
      }
      pauseWanted = false;
    }
  }

  /** Looks once at the clock and the counters, and ends the task where that is due. */
  @Override
  public boolean look() {
    if (stop != null || ended) {
      return false;
    }
    long now = ticker.read();
    switch (phase) {
      case Phase.Submitted submitted -> {}
      case Phase.Launching(long since) ->
          deadline(Limit.START, now - since, nanos(limits.startMax()));
      case Phase.Dispatched dispatched ->
          lookAt(dispatched, now - dispatched.at() - pauses.paused(now));
    }
    deadline(Limit.WALL, now - submitted, timeout);
    return true;
  }

  private void deadline(Limit limit, long elapsed, long allowed) {
    if (elapsed >= allowed) {
      killFor(new Trip(limit, KILL, elapsed, allowed, HOST));
    }
  }

  private void lookAt(Phase.Dispatched dispatched, long wall) {
    List<Trip> met = new ArrayList<>(countersTell(dispatched));
    long wallMax = nanos(limits.wallMax());
    if (wall >= wallMax) {
      met.add(new Trip(Limit.WALL, KILL, wall, wallMax, HOST));
    }
    // Of limits on time that were passed since the last look, the one passed furthest was first.
    met.sort(Comparator.comparingLong(RunningTask::past).reversed());
    for (Trip trip : met) {
      switch (trip.effect()) {
        case KILL -> killFor(trip);
        case DENY -> trips.note(trip);
        case SLOW -> throw new IllegalStateException("a counter tells of no slowing: " + trip);
      }
    }
  }

  private static long past(Trip trip) {
    return trip.limit().unit() == Limit.Unit.NANOSECONDS
        ? trip.observed() - trip.allowed()
        : Long.MAX_VALUE; // it has happened
  }

  private List<Trip> countersTell(Phase.Dispatched dispatched) {
    Cell working = cell;
    if (working == null) {
      return List.of();
    }
    Inquiry asked = inquiry;
    if (asked != null) {
      asked.ask(working, told -> {}); // the next look sees it
    }
    CellCounters now = working.counters();
    meter.read(now.cpuNanos());
    Baseline baseline = dispatched.baseline().completed(now);
    if (!dispatched.baseline().cpuKnown()) {
      phase = new Phase.Dispatched(dispatched.at(), baseline);
    }
    return CounterTrips.between(baseline.counters(), now, sandbox, total.get(), limits);
  }

  /** The first that is killed for stays; what else it has met by then is noted. */
  private void killFor(Trip trip) {
    stop(new Stop.LimitHit(trip));
    synchronized (this) { // or it might be noted before the trip of the stop that came first
      if (stop != null) {
        trips.note(trip);
      }
    }
  }

  /**
   * Says how it ended.
   *
   * @param counters of its cell, at its end
   * @param exit how its cell ended; empty where that lives on
   * @param word what the guest says
   */
  public <T> Outcome<T> end(CellCounters counters, Optional<CellExit> exit, Word<T> word) {
    finish();
    if (phase instanceof Phase.Dispatched(long at, Baseline baseline)) {
      meter.read(counters.cpuNanos());
      CounterTrips.between(
              baseline.completed(counters).counters(), counters, sandbox, total.get(), limits)
          .forEach(trips::note);
    } else { // it was being opened: what it was to have for that it may have met, too
      CounterTrips.memoryKill(counters, sandbox, total.get()).ifPresent(trips::note);
    }
    Usage used = usage(counters, Optional.empty());
    finalUsage = used;
    Outcome<T> outcome =
        Verdict.of(new Facts<>(report(used), sandbox, stopped(), exit, word, threadDump));
    outcome.report().trips().forEach(trips::note); // the guest's own word may be one of them
    return outcome;
  }

  /** Says how it ended when its cell never came, or never got as far as to work on it. */
  public <T> Outcome<T> refused(ErrorCode code, String reason) {
    look(); // a launch that took too long may have been given up before the supervisor looked
    finish();
    Usage used = usage(null, Optional.empty());
    finalUsage = used;
    TaskReport report = report(used);
    return stopped()
        .<Outcome<T>>map(
            stop ->
                Verdict.of(
                    new Facts<>(
                        report,
                        sandbox,
                        Optional.of(stop),
                        Optional.empty(),
                        new Word.Silent<T>(),
                        threadDump)))
        .orElseGet(() -> new Outcome.Refused<>(code, reason, report));
  }

  /** Says why it may not begin: nothing has isolated it, or will. */
  public <T> Outcome<T> turnedAway(ErrorCode code, String reason) {
    isolation = Isolation.refused(List.of(reason));
    return refused(code, reason);
  }

  private TaskReport report(Usage used) {
    return new TaskReport(policy.tenant(), isolation, used, trips.all());
  }

  /** What is known of it without reading a counter, for what is over too soon for that. */
  public TaskReport unmeasured() {
    return report(usage(null, Optional.empty()));
  }

  /** What it has used so far; once it has ended: altogether. */
  public Usage usage() {
    Usage used = finalUsage;
    if (used != null) {
      return used;
    }
    Cell working = cell;
    return working != null && phase instanceof Phase.Dispatched
        ? usage(working.counters(), working.pressure())
        : usage(null, Optional.empty());
  }

  private Usage usage(@Nullable CellCounters now, Optional<Usage.Pressure> pressure) {
    if (!(phase instanceof Phase.Dispatched(long at, Baseline baseline))) {
      return Usage.NONE;
    }
    long clock = ticker.read();
    Duration wall = Duration.ofNanos(clock - at - pauses.paused(clock));
    if (now == null) {
      return new Usage(wall, Duration.ZERO, Duration.ZERO, OptionalLong.empty(), output.bytes());
    }
    CellCounters before = baseline.completed(now).counters();
    return new Usage(
        wall,
        Duration.ofNanos(now.cpuUserNanos() - before.cpuUserNanos()),
        Duration.ofNanos(now.cpuSystemNanos() - before.cpuSystemNanos()),
        now.memoryPeak(),
        output.bytes(),
        live(before, now, pressure));
  }

  /** What a cell has at this moment, and what slowed it down since it was seen before. */
  public static Usage.Live live(
      CellCounters before, CellCounters now, Optional<Usage.Pressure> pressure) {
    return new Usage.Live(
        now.memoryCurrent(),
        OptionalLong.of(now.pidsCurrent()),
        since(before.flow().throttledNanos(), now.flow().throttledNanos()).stream()
            .mapToObj(Duration::ofNanos)
            .findFirst(),
        since(before.flow().readBytes(), now.flow().readBytes()),
        since(before.flow().writtenBytes(), now.flow().writtenBytes()),
        pressure);
  }

  private static OptionalLong since(OptionalLong before, OptionalLong now) {
    return now.isPresent() ? OptionalLong.of(now.getAsLong() - before.orElse(0)) : now;
  }

  /** Nanoseconds until its time is over, for a task that is dispatched now. */
  public long timeLeft() {
    long wallMax = nanos(limits.wallMax());
    return timeout == NEVER
        ? wallMax
        : Math.min(wallMax, Math.max(0, timeout - (ticker.read() - submitted)));
  }

  /**
   * What the guest says its threads are at.
   *
   * @param text untrusted, but plain
   * @return false if it has said so before
   */
  public boolean threadDump(String text) {
    if (!threadDump.isEmpty()) {
      return false;
    }
    threadDump = text;
    return true;
  }

  /** Counts what it writes. */
  public OutputMeter output() {
    return output;
  }

  /** What isolates it. */
  public Isolation isolation() {
    return isolation;
  }

  /**
   * Tells of the limits that it meets, and has met. Whom it tells already it does not tell twice.
   */
  public void tell(TripListener listener) {
    trips.tell(listener);
  }

  /** The limits that it has met so far, in order. */
  public List<Trip> trips() {
    return trips.all();
  }

  /** Saturates: 292 years are for ever. */
  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0
        ? Long.MAX_VALUE
        : duration.toNanos();
  }
}
