package io.cordon.engine.command;

import static io.cordon.engine.TestPolicy.generous;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.engine.TestEngine;
import io.cordon.engine.plain.PlainCell;
import io.cordon.policy.Limit;
import io.cordon.policy.TaskLimits;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Trip;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandIT {
  private static final Duration SOON = Duration.ofMillis(100);

  private static Command sh(String script) {
    return Command.of("/bin/sh", "-c", script);
  }

  @Test
  void whatAProgramWritesAndMakesComesBack() {
    try (var engine = new TestEngine(generous())) {
      Exit exit =
          engine
              .acme()
              .run(
                  sh("cat; cat in >&2; echo made > out")
                      .stdin("from stdin")
                      .input("in", "from a file".getBytes(UTF_8))
                      .output("out")
                      .output("never-made"));

      assertThat(exit.stdoutText()).isEqualTo("from stdin");
      assertThat(exit.stderrText()).isEqualTo("from a file");
      assertThat(exit.outputs()).containsOnlyKeys("out");
      assertThat(exit.outputs().get("out")).asString().isEqualTo("made\n");
    }
  }

  @Test
  void anOutputThatIsNoRegularFileFailsTheTask() {
    try (var engine = new TestEngine(generous())) {
      Outcome<Exit> outcome =
          engine.acme().submit(sh("ln -s /etc/passwd out").output("out")).outcome();

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.message()).contains("out", "not a regular file"));
    }
  }

  @Test
  void anExitStatusOtherThanZeroIsAFailureInTheProgramsOwnWords() {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<Exit> handle =
          engine
              .acme()
              .submit(sh("echo the output; printf 'no such \\033[31mluck\\n\\n' >&2; exit 7"));

      assertThat(handle.outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.exitStatus()).hasValue(7);
                assertThat(failed.message()).isEqualTo("no such  [31mluck");
              });
      assertThat(handle.stdout()).hasContent("the output");
      assertThatThrownBy(() -> engine.acme().run(sh("exit 7")))
          .isInstanceOfSatisfying(
              OutcomeException.class,
              e -> assertThat(e.outcome()).isInstanceOf(Outcome.Failed.class))
          .hasMessageContaining("exit status 7");
    }
  }

  @Test
  void aSignalOfItsOwnIsACrash() {
    try (var engine = new TestEngine(generous())) {
      assertThat(engine.acme().submit(sh("kill -SEGV $$")).outcome())
          .isInstanceOfSatisfying(
              Outcome.Crashed.class,
              crashed -> {
                assertThat(crashed.signal()).isEqualTo(11);
                assertThat(crashed.description()).contains("SIGSEGV");
              });
    }
  }

  @Test
  void whatSleepsPastItsWallClockIsKilled() {
    try (var engine = new TestEngine(generous().wall(Duration.ofMillis(200)))) {
      TaskHandle<Exit> handle = engine.acme().submit(Command.of("sleep", "1000"));

      assertThat(handle.outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.WALL);
                assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.HOST);
                assertThat(exceeded.allowed()).isEqualTo(200_000_000);
                assertThat(exceeded.observed()).isGreaterThanOrEqualTo(exceeded.allowed());
                assertThat(exceeded.report().trips()).containsExactly(exceeded.trip());
              });
      assertThat(handle.events()).hasSize(1);
      assertThat(handle.usage().wall()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
      assertThat(engine.strategy().cells()).isEmpty();
    }
  }

  @Test
  void theApplicationsTimeoutHoldsWhereItIsShorter() {
    try (var engine = new TestEngine(generous())) {
      assertThatThrownBy(() -> engine.acme().run(Command.of("sleep", "1000"), SOON))
          .isInstanceOfSatisfying(
              OutcomeException.class,
              e ->
                  assertThat(e.outcome())
                      .isInstanceOfSatisfying(
                          Outcome.LimitExceeded.class,
                          exceeded -> {
                            assertThat(exceeded.limit()).isEqualTo(Limit.WALL);
                            assertThat(exceeded.allowed()).isEqualTo(SOON.toNanos());
                          }));
    }
  }

  @Test
  void whatSpinsPastItsProcessorTimeIsKilled() {
    try (var engine = new TestEngine(generous().cpuTime(Duration.ofMillis(150)))) {
      assertThat(engine.acme().submit(sh("while :; do :; done")).outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.CPU_TIME);
                assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.KERNEL);
                assertThat(exceeded.observed()).isGreaterThanOrEqualTo(150_000_000);
                assertThat(exceeded.report().usage().cpu())
                    .isGreaterThanOrEqualTo(Duration.ofMillis(150));
              });
    }
  }

  @Test
  void whatEatsMemoryIsKilledAndTheCounterSaysSo() {
    try (var engine = new TestEngine(generous().memory(64 << 20))) {
      assertThat(engine.acme().submit(Command.of("tail", "/dev/zero")).outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY);
                assertThat(exceeded.allowed()).isEqualTo(64 << 20);
              });
    }
  }

  @Test
  void endlessOutputIsStoppedAtItsLimitAndTheHeapStaysFlat() {
    long limit = 100_000;
    for (Command.Output where : Command.Output.values()) {
      try (var engine = new TestEngine(generous().output(limit))) {
        TaskHandle<Exit> handle =
            engine.acme().submit(Command.of("yes").stdout(where).stderr(where));
        if (where == Command.Output.STREAM) {
          Thread.startVirtualThread(() -> drain(handle));
        }

        assertThat(handle.outcome())
            .isInstanceOfSatisfying(
                Outcome.LimitExceeded.class,
                exceeded -> {
                  assertThat(exceeded.limit()).isEqualTo(Limit.OUTPUT);
                  assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.HOST);
                  assertThat(exceeded.observed()).isGreaterThan(limit);
                  assertThat(exceeded.allowed()).isEqualTo(limit);
                });
        if (where == Command.Output.CAPTURE) {
          assertThat(read(handle)).hasSize((int) limit);
        }
      }
    }
  }

  private static void drain(TaskHandle<Exit> handle) {
    try {
      handle.stdout().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] read(TaskHandle<Exit> handle) {
    try {
      return handle.stdout().readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aProgramWaitsForAnApplicationThatDoesNotReadAndCanBeKilledThen() throws Exception {
    try (var engine = new TestEngine(generous().output(1L << 40))) {
      TaskHandle<Exit> handle =
          engine
              .acme()
              .submit(
                  Command.of("yes").stdout(Command.Output.STREAM).stderr(Command.Output.STREAM));
      // What one pipe and the buffer hold is all that it can write.
      long before = -1;
      while (handle.usage().outputBytes() != before || before <= 0) {
        before = handle.usage().outputBytes();
        Thread.sleep(50);
      }
      assertThat(before).isLessThan(1 << 20);

      handle.cancel();

      assertThat(handle.outcome()).isInstanceOf(Outcome.Cancelled.class);
      assertThat(engine.strategy().cells()).isEmpty();
    }
  }

  @Test
  void whatIsStillInThePipeComesThroughAfterTheEnd() throws Exception {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<Exit> handle =
          engine.acme().submit(sh("head -c 120000 /dev/zero").stdout(Command.Output.STREAM));

      assertThat(handle.outcome()).isInstanceOf(Outcome.Succeeded.class);
      assertThat(handle.stdout().readAllBytes()).hasSize(120_000);
    }
  }

  @Test
  void anApplicationCanTalkWithAProgram() throws Exception {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<Exit> handle =
          engine
              .acme()
              .submit(
                  Command.of("cat")
                      .stdin(new Command.Input.Stream())
                      .stdout(Command.Output.STREAM));
      var answers = new BufferedReader(new InputStreamReader(handle.stdout(), UTF_8));
      try (OutputStream in = handle.stdin()) {
        for (int i = 0; i < 100; i++) {
          in.write(("line " + i + "\n").getBytes(UTF_8));
          in.flush();
          assertThat(answers.readLine()).isEqualTo("line " + i);
        }
      }
      assertThat(handle.outcome()).isInstanceOf(Outcome.Succeeded.class);
    }
  }

  @Test
  void aProgramThatDoesNotReadItsInputIsNoError() {
    try (var engine = new TestEngine(generous())) {
      assertThat(
              engine
                  .acme()
                  .run(Command.of("true").stdin(new Command.Input.Bytes(new byte[1 << 20])))
                  .status())
          .isZero();
    }
  }

  @Test
  void aTaskThatTakesNoInputHasNoStreamForIt() {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<Exit> handle = engine.acme().submit(Command.of("true"));
      assertThatThrownBy(handle::stdin).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anInterruptedWaiterCancelsItsTask() throws Exception {
    try (var engine = new TestEngine(generous())) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      CountDownLatch kept = new CountDownLatch(1);
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      engine.acme().run(Command.of("sleep", "1000"));
                    } catch (OutcomeException e) {
                      thrown.set(e);
                    }
                    if (Thread.currentThread().isInterrupted()) {
                      kept.countDown();
                    }
                  });
      while (engine.strategy().cells().isEmpty()) {
        Thread.onSpinWait();
      }

      waiter.interrupt();
      kept.await();

      assertThat(thrown.get())
          .isInstanceOfSatisfying(
              OutcomeException.class,
              e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
      assertThat(engine.strategy().cells()).isEmpty();
    }
  }

  @Test
  void completingACopyOfTheResultChangesNothing() throws Exception {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<Exit> handle =
          engine.acme().submit(Command.of("cat").stdin(new Command.Input.Stream()));
      assertThat(handle.result().cancel(true)).isTrue();
      assertThat(handle.result().complete(null)).isTrue();
      CompletableFuture<Thread> completer =
          handle.result().thenApply(exit -> Thread.currentThread());

      handle.stdin().close();

      assertThat(handle.result().get().status()).isZero();
      assertThat(completer.get().isVirtual()).isTrue();
    }
  }

  @Test
  void moreTasksThanThePolicyAllowsAreRefusedUntilOneEnds() {
    try (var engine = new TestEngine(generous().concurrent(2))) {
      TaskHandle<Exit> first = engine.acme().submit(Command.of("sleep", "1000"));
      TaskHandle<Exit> second = engine.acme().submit(Command.of("sleep", "1000"));

      assertThat(engine.acme().submit(Command.of("true")).outcome())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.TOO_MANY_TASKS);
                assertThat(refused.reason()).contains("acme", "tasks.concurrent", "2");
              });
      assertThat(engine.tenant("globex").run(Command.of("true")).status()).isZero();

      first.cancel();
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancelled.class);
      assertThat(engine.acme().run(Command.of("true")).status()).isZero();
      second.cancel();
    }
  }

  @Test
  void onlyWhatThePolicyAndTheCommandNameIsInTheEnvironment() {
    try (var engine = new TestEngine(generous().environment("JAVA_HOME", "NEVER_SET"))) {
      Exit exit = engine.acme().run(Command.of("/usr/bin/env").environment("GREETING", "hello"));

      assertThat(exit.stdoutText().lines().map(line -> line.substring(0, line.indexOf('='))))
          .contains("PATH", "HOME", "GREETING")
          .isSubsetOf("PATH", "HOME", "GREETING", "JAVA_HOME");
    }
  }

  @Test
  void aProgramThatIsNotThereIsRefused() {
    try (var engine = new TestEngine(generous())) {
      assertThat(engine.acme().submit(Command.of("/no/such/program")).outcome())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PROGRAM_NOT_FOUND));
    }
  }

  @Test
  void aDenialIsTheReasonOnlyWhenTheTaskFails() {
    try (var engine = new TestEngine(generous())) {
      assertThat(denied(engine, "read line"))
          .isInstanceOfSatisfying(
              Outcome.Succeeded.class,
              ok ->
                  assertThat(ok.report().trips())
                      .extracting(Trip::limit)
                      .containsExactly(Limit.PIDS));
      assertThat(denied(engine, "read line; exit 1"))
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.PIDS);
                assertThat(exceeded.trip().effect()).isEqualTo(Limit.Effect.DENY);
                assertThat(exceeded.observed()).isEqualTo(1);
              });
    }
  }

  private static Outcome<Exit> denied(TestEngine engine, String script) {
    TaskHandle<Exit> handle = engine.acme().submit(sh(script).stdin(new Command.Input.Stream()));
    PlainCell cell = cell(engine);
    cell.denyProcess();
    try {
      handle.stdin().write('\n');
      handle.stdin().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return handle.outcome();
  }

  private static PlainCell cell(TestEngine engine) {
    while (engine.strategy().cells().isEmpty()) {
      Thread.onSpinWait();
    }
    return engine.strategy().cells().iterator().next();
  }

  @Test
  void aPolicyMayKillAtTheFirstDenial() {
    try (var engine = new TestEngine(generous().onDeny(TaskLimits.DenyAction.KILL))) {
      TaskHandle<Exit> handle = engine.acme().submit(Command.of("sleep", "1000"));
      cell(engine).denyProcess();

      assertThat(handle.outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.PIDS);
                assertThat(exceeded.trip().effect()).isEqualTo(Limit.Effect.KILL);
              });
    }
  }
}
