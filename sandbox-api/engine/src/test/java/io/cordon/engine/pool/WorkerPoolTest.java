package io.cordon.engine.pool;

import static io.cordon.engine.runtime.WorkerKind.JAVASCRIPT;
import static io.cordon.engine.runtime.WorkerKind.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.TestPolicy;
import io.cordon.engine.plain.PlainStrategy;
import io.cordon.engine.runtime.LanguageJars;
import io.cordon.engine.runtime.WorkerRuntime;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.CellNames;
import io.cordon.policy.Policy;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases of idle workers. What is closed in the background is waited for, never slept for. */
@Timeout(60)
class WorkerPoolTest {
  private static final long MIB = 1 << 20;
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final PoolLimits AMPLE = new PoolLimits(100, 100, 1000 * MIB, IDLE);

  @TempDir Path cache;

  private final PlainStrategy strategy = new PlainStrategy();
  private final Supervisor supervisor = new Supervisor();
  private final AtomicLong now = new AtomicLong();
  private final Map<Worker, ScriptedWorker> far = new ConcurrentHashMap<>();
  private final List<WorkerPool> pools = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    pools.forEach(WorkerPool::close);
    far.values().forEach(ScriptedWorker::close);
    supervisor.close();
  }

  @Test
  void aWorkerIsLeasedToOneOnly() {
    WorkerPool pool = pool(AMPLE);
    Worker worker = worker("acme", 1);
    giveBack(pool, worker);

    assertThat(lease(pool, "acme")).containsSame(worker);
    assertThat(lease(pool, "acme")).isEmpty();
    assertOpen(worker);

    giveBack(pool, worker);
    assertThat(lease(pool, "acme")).containsSame(worker);
  }

  @Test
  void noWorkerCrossesTenantsKindsOrStrategies() {
    WorkerPool pool = pool(AMPLE);
    giveBack(pool, worker("acme", 1));

    assertThat(lease(pool, "acme2")).isEmpty();
    assertThat(lease(pool, "")).isEmpty();
    assertThat(pool.lease(policy("acme"), PLUGIN, strategy)).isEmpty();
    assertThat(pool.lease(policy("acme"), JAVASCRIPT, vm())).isEmpty();
    assertThat(lease(pool, "acme")).isPresent();
  }

  @Test
  void aWorkerServesNoOtherLimitsThanItWasLaunchedWith() {
    WorkerPool pool = pool(AMPLE);
    Worker before = worker("acme", 1);
    Worker others = worker("globex", 1);
    giveBack(pool, before);
    giveBack(pool, others);
    Policy tighter = TestPolicy.generous().memory(64 * MIB).of("acme");
    Policy slower = TestPolicy.generous().wall(Duration.ofHours(1)).of("acme");

    assertThat(pool.lease(tighter, JAVASCRIPT, strategy)).isEmpty();
    assertThat(pool.lease(slower, JAVASCRIPT, strategy)).as("that is no limit of it").isPresent();
    giveBack(pool, before);
    pool.retire(slower);
    assertOpen(before);
    pool.retire(tighter);
    before.cell().exit().join(); // its closing has begun

    assertClosed(before);
    assertOpen(others);
  }

  @Test
  void aWorkerThatIsGivenBackUnderOtherLimitsIsClosed() {
    WorkerPool pool = pool(AMPLE);
    Worker worker = worker("acme", 1);

    pool.giveBack(worker, TestPolicy.generous().memory(64 * MIB).of("acme"));

    assertClosed(worker);
  }

  @Test
  void whatATenantHasTooManyOfIsClosed() {
    WorkerPool pool = pool(new PoolLimits(2, 100, 1000 * MIB, IDLE));
    Worker first = worker("acme", 1);
    Worker second = worker("acme", 1);
    Worker third = worker("acme", 1);
    Worker others = worker("globex", 1);
    List.of(first, second, third, others).forEach(worker -> giveBack(pool, worker));

    assertClosed(third);
    List.of(first, second, others).forEach(this::assertOpen);
  }

  @Test
  void ofManyThatAreGivenBackForTheLastPlaceOneGetsIt() {
    for (int round = 0; round < 20; round++) {
      WorkerPool pool = pool(new PoolLimits(1, 100, 1000 * MIB, IDLE));
      List<Worker> workers = IntStream.range(0, 8).mapToObj(i -> worker("acme", 1)).toList();
      race(workers.stream().<Runnable>map(worker -> () -> giveBack(pool, worker)).toList());

      assertThat(workers.stream().filter(this::open)).hasSize(1);
    }
  }

  @Test
  void whatWeighsTooMuchTogetherIsThinnedOut() {
    WorkerPool pool = pool(new PoolLimits(100, 100, 100 * MIB, IDLE));
    Worker first = worker("acme", 60 * MIB);
    Worker second = worker("globex", 60 * MIB);
    giveBack(pool, first);
    giveBack(pool, second);
    CompletableFuture.anyOf(first.cell().exit(), second.cell().exit()).join();

    assertThat(lease(pool, "acme").isPresent()).isNotEqualTo(lease(pool, "globex").isPresent());
    assertThat(open(first)).isNotEqualTo(open(second));
  }

  @Test
  void noMoreThanTheTotalWaitHoweverLightTheyAre() {
    WorkerPool pool = pool(new PoolLimits(100, 3, 300 * MIB, IDLE));
    List<Worker> workers = IntStream.range(0, 9).mapToObj(i -> worker("t" + i, 0)).toList();
    workers.forEach(worker -> giveBack(pool, worker));
    while (workers.stream().filter(this::open).count() > 3) {
      Thread.onSpinWait(); // evicted in the background
    }

    pool.close();
    workers.forEach(this::assertClosed);
  }

  @Test
  void whoHasWaitedTooLongIsLetGo() {
    WorkerPool pool = pool(AMPLE);
    Worker worker = worker("acme", 1);
    giveBack(pool, worker);
    now.addAndGet(IDLE.toNanos() - 1);
    assertThat(lease(pool, "acme")).containsSame(worker);

    giveBack(pool, worker);
    now.addAndGet(IDLE.toNanos());
    assertThat(lease(pool, "acme")).isEmpty();
    giveBack(pool, worker("acme", 1)); // sweeps
    worker.cell().exit().join(); // its closing has begun
    assertClosed(worker);
  }

  @Test
  void aWorkerThatDiedWhileItWaitedIsNotLeased() throws IOException {
    WorkerPool pool = pool(AMPLE);
    Worker killed = worker("acme", 1);
    giveBack(pool, killed);
    // Nobody has read the end of its stream yet.
    far(killed).cell().exit(new CellExit.Signaled(9));
    assertThat(lease(pool, "acme")).isEmpty();
    assertClosed(killed);

    Worker silent = worker("acme", 1);
    giveBack(pool, silent);
    far(silent).hangUp();
    silent.channel().join();
    assertThat(lease(pool, "acme")).isEmpty();
    assertClosed(silent);
  }

  /** Its tenant's total may have cost it its life a moment ago: nobody is to be told that of it. */
  @Test
  void aWorkerThatTheKernelIsKillingIsNotLeased() {
    WorkerPool pool = pool(AMPLE);
    Worker dying = worker("acme", 1);
    giveBack(pool, dying);
    far(dying).cell().counters(memory(1, 1));

    assertThat(lease(pool, "acme")).isEmpty();
    assertClosed(dying);
  }

  /** A micro-VM takes its time to stop, or does not obey. */
  @Test
  void aWorkerThatTakesItsTimeToRestHoldsUpNoOther() {
    WorkerPool pool = pool(AMPLE);
    Worker slow = worker("acme", 1);
    CompletableFuture<Void> resting = new CompletableFuture<>();
    CompletableFuture<Void> rested = new CompletableFuture<>();
    far(slow)
        .cell()
        .whenResting(
            () -> {
              resting.complete(null);
              rested.join();
            });
    Thread giving = Thread.ofPlatform().start(() -> giveBack(pool, slow));
    resting.join();

    Worker others = worker("globex", 1);
    giveBack(pool, others);
    assertThat(lease(pool, "globex")).containsSame(others);

    rested.complete(null);
    Uninterruptibles.joinUninterruptibly(giving);
    assertThat(lease(pool, "acme")).containsSame(slow);
  }

  @Test
  void aWorkerThatSpokeWhileItWaitedIsNotLeased() throws IOException {
    WorkerPool pool = pool(AMPLE);
    Worker worker = worker("acme", 1);
    Worker sane = worker("acme", 1);
    giveBack(pool, worker);
    giveBack(pool, sane);
    far(worker).sayBytes((byte) 0, (byte) 0, (byte) 0, (byte) 0);
    worker.channel().join();

    assertThat(lease(pool, "acme")).containsSame(sane);
    assertThat(lease(pool, "acme")).isEmpty();
  }

  @Test
  void closeClosesEveryIdleWorkerAndWhateverComesLater() {
    WorkerPool pool = pool(AMPLE);
    Worker idle = worker("acme", 1);
    Worker other = worker("globex", 1);
    Worker leased = worker("acme", 1);
    giveBack(pool, leased);
    assertThat(lease(pool, "acme")).containsSame(leased);
    giveBack(pool, idle);
    giveBack(pool, other);

    pool.close();
    assertClosed(idle);
    assertClosed(other);
    assertOpen(leased);
    giveBack(pool, leased);
    assertClosed(leased);
    assertThat(lease(pool, "acme")).isEmpty();
    pool.close();
  }

  @Test
  void aWorkerThatIsGivenBackWhileThePoolClosesIsClosed() {
    for (int round = 0; round < 100; round++) {
      WorkerPool pool = pool(AMPLE);
      Worker worker = worker("acme", 1);
      race(List.of(() -> giveBack(pool, worker), pool::close));

      assertClosed(worker);
    }
  }

  @Test
  void everyWorkerIsLeasedToOneOfManyOrToNone() {
    for (int round = 0; round < 50; round++) {
      WorkerPool pool = pool(AMPLE);
      List<Worker> workers = IntStream.range(0, 3).mapToObj(i -> worker("acme", 1)).toList();
      workers.forEach(worker -> giveBack(pool, worker));
      List<Worker> leased = Collections.synchronizedList(new ArrayList<>());
      race(
          IntStream.range(0, 6)
              .<Runnable>mapToObj(i -> () -> lease(pool, "acme").ifPresent(leased::add))
              .toList());

      assertThat(leased).containsExactlyInAnyOrderElementsOf(workers);
    }
  }

  @Test
  void anEvictionNeverClosesWhatWasLeased() {
    for (int round = 0; round < 100; round++) {
      WorkerPool pool = pool(new PoolLimits(100, 100, 100 * MIB, IDLE));
      Worker wanted = worker("acme", 60 * MIB);
      giveBack(pool, wanted);
      Worker rival = worker("globex", 60 * MIB);
      CompletableFuture<Optional<Worker>> leased = new CompletableFuture<>();
      race(
          List.of(
              () -> leased.complete(lease(pool, "acme")),
              () -> giveBack(pool, rival),
              () -> now.addAndGet(IDLE.toNanos())));
      pool.close();

      assertClosed(rival);
      assertThat(open(wanted)).isEqualTo(leased.join().isPresent());
    }
  }

  private WorkerPool pool(PoolLimits limits) {
    WorkerRuntime runtime =
        new WorkerRuntime(
            cache, new LanguageJars(WorkerPoolTest.class.getClassLoader()), message -> {});
    WorkerLauncher launcher = new WorkerLauncher(runtime, new CellNames());
    WorkerPool pool = new WorkerPool(limits, launcher, supervisor, now::get);
    pools.add(pool);
    return pool;
  }

  private Worker worker(String tenant, long memory) {
    ScriptedWorker scripted = ScriptedWorker.ready();
    scripted.cell().counters(memory(memory));
    Worker worker = scripted.worker(tenant, JAVASCRIPT);
    far.put(worker, scripted);
    return worker;
  }

  private Optional<Worker> lease(WorkerPool pool, String tenant) {
    return pool.lease(policy(tenant), JAVASCRIPT, strategy);
  }

  private static void giveBack(WorkerPool pool, Worker worker) {
    pool.giveBack(worker, worker.policy());
  }

  private static Policy policy(String tenant) {
    return TestPolicy.generous().of(tenant);
  }

  /** A strategy that is only asked for its name. */
  private static IsolationStrategy vm() {
    return new IsolationStrategy() {
      @Override
      public String name() {
        return "vm";
      }

      @Override
      public StrategyReport report() {
        throw new UnsupportedOperationException();
      }

      @Override
      public List<String> explain(CellSpec spec) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Cell launch(CellSpec spec) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }

  private ScriptedWorker far(Worker worker) {
    return Objects.requireNonNull(far.get(worker));
  }

  private boolean open(Worker worker) {
    return !far(worker).cell().closed();
  }

  private void assertOpen(Worker worker) {
    assertThat(open(worker)).isTrue();
  }

  private void assertClosed(Worker worker) {
    assertThat(open(worker)).isFalse();
  }

  private static void race(List<Runnable> rivals) {
    CyclicBarrier start = new CyclicBarrier(rivals.size());
    rivals.stream()
        .map(
            rival ->
                CompletableFuture.runAsync(
                    () -> {
                      try {
                        start.await();
                      } catch (InterruptedException | BrokenBarrierException e) {
                        throw new AssertionError(e);
                      }
                      rival.run();
                    },
                    work -> Thread.ofPlatform().start(work)))
        .toList()
        .forEach(CompletableFuture::join);
  }

  private static CellCounters memory(long bytes) {
    return memory(bytes, 0);
  }

  private static CellCounters memory(long bytes, long kills) {
    return new CellCounters(
        0,
        0,
        OptionalLong.of(bytes),
        OptionalLong.of(bytes),
        kills,
        Evidence.KERNEL,
        0,
        0,
        Evidence.KERNEL,
        0,
        0);
  }
}
