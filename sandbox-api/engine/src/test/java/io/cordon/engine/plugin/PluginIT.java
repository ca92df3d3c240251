package io.cordon.engine.plugin;

import static io.cordon.engine.TestPolicy.MIB;
import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.engine.TestEngine;
import io.cordon.engine.TestPolicy;
import io.cordon.engine.plugin.contract.Shop;
import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PluginIT {
  // What a loop runs out of, and what comes before it must not.
  private static final Duration WALL = Duration.ofMillis(1300);
  private static final Duration CPU_TIME = Duration.ofSeconds(1);

  @TempDir static Path directory;
  private static Path shop;

  @BeforeAll
  static void compile() {
    shop = TestPlugin.shop(directory);
  }

  private static Sandbox open(TestEngine engine) {
    return engine.acme().open(Plugin.jar(shop));
  }

  private static Outcome<?> outcome(Shop service, String what) {
    return catchThrowableOfType(OutcomeException.class, () -> service.act(what)).outcome();
  }

  @Test
  void aServiceIsAnOrdinaryObjectThatKeepsItsStateElsewhere() {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);

      assertThat(service.total(List.of(new Shop.Line("tea", 3), new Shop.Line("cake", 4))))
          .isEqualTo(7);
      assertThat(service.act("count")).isEqualTo("1");
      assertThat(service.act("count")).isEqualTo("2");
      assertThat(service.greeting()).contains("from the plugin");
      assertThat(service.act("print")).isEqualTo("printed");
      assertThat(new HashSet<>(List.of(service, box.service(Shop.class)))).contains(service);
      assertThat(service).hasToString("service " + Shop.class.getName() + " in a sandbox");
      assertThat(box.usage().outputBytes()).isPositive();
      assertThat(box.usage().cpu()).isPositive();
      assertThat(box.isolation().strategy()).isEqualTo("process");
    }
  }

  @Test
  void whatAPluginThrowsIsAFailureAndItLivesOn() {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);

      assertThat(outcome(service, "throw"))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.message())
                    .isEqualTo("java.lang.IllegalStateException: out of stock");
                assertThat(failed.guestTrace()).contains("shop.Plugin.act(Plugin.java:");
              });
      assertThat(service.act("count")).isEqualTo("2");
    }
  }

  @Test
  void aLoopIsKilledAndEveryLaterCallIsToldTheSame() {
    try (var engine = new TestEngine(generous().wall(WALL));
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);

      Outcome<?> first = outcome(service, "loop");
      assertThat(first)
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.WALL);
                assertThat(exceeded.observed()).isGreaterThanOrEqualTo(WALL.toNanos());
              });
      assertThat(outcome(service, "count")).isSameAs(first);
      assertThatThrownBy(() -> box.service(Shop.class)).isInstanceOf(OutcomeException.class);
    }
  }

  @Test
  void aCallThatSpinsIsKilledAtItsProcessorTime() {
    try (var engine = new TestEngine(generous().cpuTime(CPU_TIME));
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);
      for (int i = 0; i < 100; i++) {
        service.act("count");
      }
      assertThat(outcome(service, "loop"))
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.CPU_TIME);
                assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.KERNEL);
              });
    }
  }

  @Test
  void aPluginThatCatchesOutOfMemoryErrorsIsAMemoryLimitAllTheSame() {
    try (var engine = new TestEngine(generous().memory(128 * MIB));
        Sandbox box = open(engine)) {
      assertThat(outcome(box.service(Shop.class), "eat"))
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY));
    }
  }

  @Test
  void exitAndHaltAreFailuresWithTheirStatus() {
    for (String how : List.of("exit", "halt")) {
      try (var engine = new TestEngine(generous());
          Sandbox box = open(engine)) {
        assertThat(outcome(box.service(Shop.class), how))
            .isInstanceOfSatisfying(
                Outcome.Failed.class,
                failed -> {
                  assertThat(failed.exitStatus()).hasValue(how.equals("exit") ? 7 : 0);
                  assertThat(failed.message()).contains("ended its own JVM");
                });
      }
    }
  }

  @Test
  void aJvmThatEndsBetweenCallsIsReportedToTheNext() throws Exception {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);
      assertThat(service.act("later")).isEqualTo("later");
      Outcome<?> death = null;
      while (death == null) {
        try {
          service.act("count");
        } catch (OutcomeException e) {
          death = e.outcome();
        }
      }
      assertThat(death)
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.exitStatus()).hasValue(9));
    }
  }

  @Test
  void aWorkerThatBreaksTheProtocolHarmsOnlyItself() {
    try (var engine = new TestEngine(generous());
        Sandbox good = open(engine);
        Sandbox bad = open(engine)) {
      assertThat(outcome(bad.service(Shop.class), "forge"))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.message()).contains("broke the protocol", "4294967295"));
      assertThat(good.service(Shop.class).act("fine")).isEqualTo("fine");
    }
  }

  @Test
  void aWorkerThatClosesItsChannelIsPutDown() {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);
      assertThat(outcome(service, "close-stdout"))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.message()).isNotEmpty());
    }
  }

  @Test
  void aFloodOfOutputIsStopped() {
    try (var engine = new TestEngine(generous().output(100_000));
        Sandbox box = open(engine)) {
      assertThat(outcome(box.service(Shop.class), "flood"))
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.OUTPUT));
    }
  }

  @Test
  void aReferenceThatIsMissingIsNull() {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      assertThat(box.service(Shop.class).act("nothing")).isNull();
    }
  }

  @Test
  void anInterruptedCallerCancelsItsCall() throws Exception {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);
      AtomicReference<Outcome<?>> seen = new AtomicReference<>();
      CountDownLatch started = new CountDownLatch(1);
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    started.countDown();
                    seen.set(outcome(service, "loop"));
                  });
      started.await();
      while (caller.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      caller.interrupt();
      caller.join();

      assertThat(seen.get()).isInstanceOf(Outcome.Cancelled.class);
    }
  }

  @Test
  void closingCancelsTheCallThatRunsAndRefusesTheNext() throws Exception {
    try (var engine = new TestEngine(generous())) {
      Sandbox box = open(engine);
      Shop service = box.service(Shop.class);
      AtomicReference<Outcome<?>> seen = new AtomicReference<>();
      Thread caller = Thread.ofPlatform().start(() -> seen.set(outcome(service, "loop")));
      while (caller.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }

      box.close();
      caller.join();

      assertThat(seen.get()).isInstanceOf(Outcome.Cancelled.class);
      assertThatThrownBy(() -> service.act("count")).isInstanceOf(SandboxException.class);
      box.close();
    }
  }

  @Test
  void callsOfManyThreadsRunOneAtATime() throws Exception {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      Shop service = box.service(Shop.class);
      var seen = new ConcurrentLinkedQueue<String>();
      List<Thread> threads =
          IntStream.range(0, 50)
              .mapToObj(i -> Thread.ofVirtual().start(() -> seen.add(service.act("count"))))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(seen).doesNotHaveDuplicates().hasSize(50).contains("1", "50");
    }
  }

  @Test
  void aPluginIsRefusedWithTheReason() throws Exception {
    Path text = Files.writeString(directory.resolve("text.jar"), "no jar at all");
    try (var engine = new TestEngine(generous())) {
      refused(engine, Plugin.jar(directory.resolve("missing.jar")), ErrorCode.BAD_PLUGIN);
      refused(engine, Plugin.jar(text), ErrorCode.BAD_PLUGIN);
      refused(engine, Plugin.jar(directory), ErrorCode.BAD_PLUGIN);
      assertThat(engine.strategy().launched()).isEmpty();
    }
  }

  private static void refused(TestEngine engine, Plugin plugin, ErrorCode code) {
    assertThatThrownBy(() -> engine.acme().open(plugin))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aContractOrAServiceIsRefusedWithTheReason() {
    try (var engine = new TestEngine(generous());
        Sandbox box = open(engine)) {
      assertThatThrownBy(() -> box.service(Runnable.class))
          .isInstanceOfSatisfying(
              SandboxException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_MISSING));
      assertThatThrownBy(() -> box.service(Thread.Builder.class))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONTRACT));
      assertThat(box.service(Shop.class).act("fine")).isEqualTo("fine");
    }
  }

  @Test
  void aUsedWorkerIsNeverUsedAgainAndANewOneIsWarmedUp() throws Exception {
    try (var engine = new TestEngine(generous())) {
      Sandbox first = open(engine);
      long used = cells(engine).getFirst();
      while (cells(engine).size() < 2) {
        Thread.sleep(10);
      }
      long warm = cells(engine).stream().filter(pid -> pid != used).findFirst().orElseThrow();
      first.service(Shop.class).act("count");
      first.close();
      assertThat(cells(engine)).doesNotContain(used);
      while (warmingUp()) {
        Thread.sleep(10); // launched is not yet waiting
      }

      try (Sandbox second = open(engine)) {
        assertThat(second.service(Shop.class).act("count")).isEqualTo("1");
        assertThat(cells(engine)).contains(warm);
      }
      assertThat(cells(engine)).doesNotContain(used, warm);
    }
  }

  private static boolean warmingUp() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("cordon-warm-up"));
  }

  private static List<Long> cells(TestEngine engine) {
    return engine.strategy().cells().stream().map(cell -> cell.pid()).toList();
  }

  @Test
  void closingTheSandboxesClosesEverySandboxAndWarmWorker() {
    TestEngine engine = new TestEngine(generous());
    Shop service;
    try (engine) {
      service = open(engine).service(Shop.class);
      assertThat(service.act("fine")).isEqualTo("fine");
    }
    assertThat(engine.strategy().cells()).isEmpty();
    assertThatThrownBy(() -> service.act("fine")).isInstanceOf(SandboxException.class);
    assertThatThrownBy(() -> engine.tenant("acme"))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }

  @Test
  void moreCallsThanThePolicyAllowsAreRefused() throws Exception {
    TestPolicy one = generous().concurrent(1);
    try (var engine = new TestEngine(one);
        Sandbox second = open(engine)) {
      Sandbox first = open(engine);
      Shop busy = first.service(Shop.class);
      Shop refused = second.service(Shop.class);
      Thread caller = Thread.ofPlatform().start(() -> outcome(busy, "loop"));
      while (caller.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(outcome(refused, "count"))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, r -> assertThat(r.code()).isEqualTo(ErrorCode.TOO_MANY_TASKS));
      first.close();
      caller.join();
      assertThat(refused.act("count")).isEqualTo("1");
    }
  }
}
