package io.cordon.engine.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.engine.TestPolicy;
import io.cordon.engine.pool.ScriptedWorker;
import io.cordon.engine.stream.Capture;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.Limit;
import io.cordon.worker.wire.Message;
import io.cordon.worker.wire.Metered;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ScriptQuota;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The worker is hostile. No test waits for time: what hangs meets the timeout. */
@Timeout(30)
class WorkerChannelTest {
  private static final byte[] NOTHING = new byte[0];

  private final Capture stdout = new Capture();
  private final Capture stderr = new Capture();
  private ScriptedWorker worker = ScriptedWorker.ready();

  @AfterEach
  void nothingIsLeft() {
    worker.close();
  }

  @Test
  void anAnswerEndsTheQuestion() throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    assertThat(worker.hear()).isInstanceOf(ToWorker.Call.class);
    worker.say(new ToHost.Output(1, false, utf8("out")));
    worker.say(new ToHost.Output(1, true, utf8("err")));
    worker.say(new ToHost.Returned(1, utf8("value")));

    assertThat(asked.get()).get().isInstanceOf(ToHost.Returned.class);
    assertThat(stdout.captured()).asString().isEqualTo("out");
    assertThat(stderr.captured()).asString().isEqualTo("err");
    assertThat(task.output().bytes()).isEqualTo(11);
    assertThat(worker.channel().open()).isTrue();
  }

  @Test
  void whatItsThreadsAreAtIsNoOutputAndGoesWithItsTask() throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.say(new ToHost.ThreadDump(1, "\"main\"\u001b[2J #3"));
    worker.say(new ToHost.Returned(1, NOTHING));

    assertThat(asked.get()).isPresent();
    assertThat(task.output().bytes()).isZero();
    assertThat(task.threadDump("another")).as("the first to come").isFalse();
  }

  @Test
  void aThreadDumpThatComesAfterTheAnswerHarmsNobody() throws Exception {
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), attached());
    worker.hear();
    worker.say(new ToHost.Returned(1, NOTHING));
    worker.say(new ToHost.ThreadDump(1, "late"));
    asked.get();

    CompletableFuture<Optional<ToHost>> next = ask(call(2), attached());
    worker.hear();
    worker.say(new ToHost.Returned(2, NOTHING));
    assertThat(next.get()).isPresent();
    assertThat(worker.cell().kills()).isZero();
  }

  @Test
  void whatComesUpAfterTheAnswerComesTooLate() throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.say(new ToHost.Returned(1, NOTHING));
    asked.get();
    task.stop(new Stop.Cancelled());

    assertThat(task.stopped()).isEmpty();
    assertThat(worker.cell().kills()).isZero();
  }

  @Test
  void theGreetingEndsNoTask() {
    RunningTask starting = ScriptedWorker.task();
    try (ScriptedWorker other = new ScriptedWorker(starting)) {
      other.say(new ToHost.Ready(Message.VERSION));
      assertThat(other.channel().awaitReady()).isTrue();
      starting.stop(new Stop.Cancelled());

      assertThat(starting.stopped()).isPresent();
    }
  }

  @Test
  void aWorkerOfAnotherVersionIsNotReady() {
    RunningTask starting = ScriptedWorker.task();
    try (ScriptedWorker other = new ScriptedWorker(starting)) {
      other.say(new ToHost.Ready(Message.VERSION + 1));

      assertThat(other.channel().awaitReady()).isFalse();
      assertThat(other.channel().doom()).containsInstanceOf(Stop.Broken.class);
    }
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("a frame of 4 GiB", bytes(0xff, 0xff, 0xff, 0xff)),
        Arguments.of("a frame of 2 GiB", bytes(0x80, 0, 0, 0)),
        Arguments.of("a frame longer than any", frame(WireLimits.DEFAULT.maxFrame() + 1)),
        Arguments.of("an empty frame", bytes(0, 0, 0, 0)),
        Arguments.of("an unknown type", bytes(0, 0, 0, 1, 0x55)),
        Arguments.of("a message of the host's", bytes(0, 0, 0, 5, 0x03, 0, 0, 0, 1)),
        Arguments.of("a byte too many", bytes(0, 0, 0, 6, 0x82, 0, 0, 0, 1, 9)),
        Arguments.of("a byte too few", bytes(0, 0, 0, 4, 0x82, 0, 0, 1)),
        Arguments.of(
            "a value of 2 GiB in a frame of 20 bytes",
            bytes(0, 0, 0, 13, 0x84, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void lies(String what, byte[] said) throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.sayBytes(said);

    assertThat(asked.get()).isEmpty();
    assertBroken(task);
  }

  static Stream<ToHost> answersToWhatWasNotAsked() {
    return Stream.of(
        new ToHost.Returned(2, NOTHING),
        new ToHost.Returned(0, NOTHING),
        new ToHost.Returned(-1, NOTHING),
        new ToHost.Threw(2, "java.lang.Error", "", ""),
        new ToHost.Rejected(2, "no"),
        new ToHost.ServiceOpened(1),
        new ToHost.ServiceMissing(1, "no"),
        new ToHost.Ready(Message.VERSION));
  }

  @ParameterizedTest
  @MethodSource
  void answersToWhatWasNotAsked(ToHost answer) throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.say(answer);

    assertThat(asked.get()).isEmpty();
    assertBroken(task);
  }

  @Test
  void noScriptHasMetALimitThatItDoesNotHave() throws Exception {
    RunningTask task = attached();
    ScriptQuota quota = new ScriptQuota(ScriptQuota.NONE.statements(), 64);
    CompletableFuture<Optional<ToHost>> asked =
        ask(new ToWorker.RunScript(1, "js", "1", NOTHING, Long.MAX_VALUE, quota), task);
    worker.hear();
    worker.say(new ToHost.LimitMet(1, Metered.STATEMENTS));

    assertThat(asked.get()).isEmpty();
    assertBroken(task);
  }

  @Test
  void aSecondAnswerHarmsTheWorkerAndNotTheCallThatWasAnswered() throws Exception {
    RunningTask first = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), first);
    worker.hear();
    worker.say(new ToHost.Returned(1, NOTHING));
    assertThat(asked.get()).isPresent();
    worker.say(new ToHost.Returned(1, NOTHING));

    assertEveryLaterCallFailsAlike();
    assertThat(first.stopped()).isEmpty();
  }

  @Test
  void anAnswerAheadOfItsQuestionIsNoAnswer() throws Exception {
    worker.say(new ToHost.Returned(1, NOTHING));

    assertEveryLaterCallFailsAlike();
  }

  private void assertEveryLaterCallFailsAlike() throws Exception {
    worker.channel().join(); // the reader has given up
    assertThat(worker.channel().open()).isFalse();
    Stop reason = worker.channel().doom().orElseThrow();
    assertThat(reason).isInstanceOf(Stop.Broken.class);
    for (int call = 2; call < 5; call++) {
      assertThat(ask(call(call), attached()).get()).isEmpty();
      assertThat(worker.channel().doom()).contains(reason);
    }
  }

  @Test
  void aStreamThatEndsWithinAFrameLeavesItToTheExitToSayWhy() throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.sayBytes(bytes(0, 0, 1, 0, 0x84, 0, 0));
    worker.hangUp();

    assertThat(asked.get()).isEmpty();
    assertThat(task.stopped()).isEmpty();
    assertThat(worker.channel().open()).isFalse();
  }

  @Test
  void aFrameThatNeverEndsHoldsNobodyBeyondItsTask() throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.sayBytes(bytes(0, 1, 0, 0, 0x84));
    task.stop(new Stop.Cancelled());

    assertThat(asked.get()).isEmpty();
    assertThat(task.stopped()).contains(new Stop.Cancelled());
  }

  @Test
  void aWorkerThatReadsNothingHoldsNobodyBeyondItsTask() throws Exception {
    RunningTask task = attached();
    ToWorker.Call question = new ToWorker.Call(1, 1, 1, new byte[4 << 20]);
    CompletableFuture<Optional<ToHost>> asked = ask(question, task);
    worker.awaitFull();
    assertThat(asked).isNotDone();
    task.stop(new Stop.Cancelled());

    assertThat(asked.get()).isEmpty();
  }

  @Test
  void aQuestionThatIsTooLongHarmsNobody() throws Exception {
    ToWorker.Call tooLong = new ToWorker.Call(1, 1, 1, new byte[WireLimits.DEFAULT.maxFrame()]);
    assertThatThrownBy(() -> worker.channel().ask(tooLong, attached(), stdout, stderr))
        .isInstanceOf(ProtocolException.class);

    CompletableFuture<Optional<ToHost>> asked = ask(call(2), attached());
    assertThat(worker.hear())
        .isInstanceOfSatisfying(
            ToWorker.Call.class, heard -> assertThat(heard.task()).isEqualTo(2));
    worker.say(new ToHost.Returned(2, NOTHING));
    assertThat(asked.get()).isPresent();
  }

  static Stream<ToHost> floods() {
    return Stream.of(
        new ToHost.Output(1, false, new byte[8192]),
        new ToHost.Output(1, true, new byte[8192]),
        new ToHost.Output(77, false, new byte[1]),
        // Nothing is written, but the host has to read it.
        new ToHost.Output(1, false, NOTHING),
        new ToHost.ThreadDump(1, "again and again"),
        new ToHost.ThreadDump(77, ""));
  }

  @ParameterizedTest
  @MethodSource("floods")
  void aFloodEndsTheTaskAndIsKeptNoFurtherThanItsLimit(ToHost drop) throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    flood(drop);

    assertThat(asked.get()).isEmpty();
    assertThat(limit(task.stopped())).isEqualTo(Limit.OUTPUT);
    assertThat(stdout.captured().length + stderr.captured().length)
        .isLessThanOrEqualTo((int) TestPolicy.MIB);
  }

  @ParameterizedTest
  @MethodSource("floods")
  void aFloodThatNobodyAskedForEndsTheWorker(ToHost drop) throws Exception {
    flood(drop);
    worker.channel().join();

    assertThat(limit(worker.channel().doom())).isEqualTo(Limit.OUTPUT);
    assertThat(worker.channel().open()).isFalse();
  }

  @Test
  void aValueBeyondTheOutputLimitIsNotReturned() throws Exception {
    RunningTask task = attached();
    CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
    worker.hear();
    worker.say(new ToHost.Returned(1, new byte[(int) TestPolicy.MIB + 1]));

    asked.get();
    assertThat(task.finish()).isFalse();
    assertThat(limit(task.stopped())).isEqualTo(Limit.OUTPUT);
  }

  @Test
  void anInterruptCancelsAndIsKept() throws Exception {
    RunningTask task = attached();
    CountDownLatch done = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread waiter =
        Thread.ofPlatform()
            .start(
                () -> {
                  askNow(call(1), task);
                  interrupted.complete(Thread.currentThread().isInterrupted());
                  done.countDown();
                });
    worker.hear();
    while (waiter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait(); // until it waits for its answer
    }
    waiter.interrupt();
    done.await();

    assertThat(interrupted.get()).isTrue();
    assertThat(task.stopped()).contains(new Stop.Cancelled());
  }

  @Test
  void theFirstDoomStays() {
    worker.channel().doom(new Stop.Broken("first"));
    worker.channel().doom(new Stop.Broken("second"));

    assertThat(worker.channel().doom()).contains(new Stop.Broken("first"));
  }

  @Test
  void randomBytesNeverMakeAnythingButATypedEnd() throws Exception {
    Random random = new Random(20_260_101);
    for (int round = 0; round < 200; round++) {
      worker.close();
      worker = ScriptedWorker.ready();
      RunningTask task = attached();
      CompletableFuture<Optional<ToHost>> asked = ask(call(1), task);
      worker.hear();
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      if (noise.length > 4 && random.nextBoolean()) {
        ByteBuffer.wrap(noise).putInt(noise.length - 4).put((byte) (0x80 + random.nextInt(9)));
      }
      try {
        worker.sayBytes(noise);
        worker.hangUp();
      } catch (IOException e) {
        // The host had heard enough.
      }

      assertThat(asked.get()).isEmpty();
      assertThat(task.stopped())
          .satisfiesAnyOf(
              stopped -> assertThat(stopped).isEmpty(),
              stopped -> assertThat(stopped).containsInstanceOf(Stop.Broken.class));
    }
  }

  private RunningTask attached() {
    RunningTask task = ScriptedWorker.task();
    task.attach(worker.cell());
    return task;
  }

  private CompletableFuture<Optional<ToHost>> ask(ToWorker question, RunningTask task) {
    return CompletableFuture.supplyAsync(
        () -> Optional.ofNullable(askNow(question, task)), work -> Thread.ofVirtual().start(work));
  }

  private @Nullable ToHost askNow(ToWorker question, RunningTask task) {
    try {
      return worker.channel().ask(question, task, stdout, stderr);
    } catch (ProtocolException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ToWorker.Call call(long task) {
    return new ToWorker.Call(task, 1, 1, NOTHING);
  }

  private void flood(ToHost drop) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  worker.say(drop);
                }
              } catch (UncheckedIOException e) {
                // Killed.
              }
            });
  }

  private void assertBroken(RunningTask task) {
    assertThat(task.stopped()).containsInstanceOf(Stop.Broken.class);
    assertThat(worker.channel().doom()).containsInstanceOf(Stop.Broken.class);
    assertThat(worker.channel().open()).isFalse();
    assertThat(worker.cell().kills()).isPositive();
  }

  private static Limit limit(Optional<Stop> stop) {
    assertThat(stop).containsInstanceOf(Stop.LimitHit.class);
    return ((Stop.LimitHit) stop.orElseThrow()).trip().limit();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] frame(int length) {
    return ByteBuffer.allocate(5).putInt(length).put((byte) 0x84).array();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
