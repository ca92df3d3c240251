package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cordon.harness.Eventually;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command.Input;
import io.cordon.sandbox.Command.Output;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What goes into a command and comes out of it as streams. */
interface CommandStreams {

  @Test
  default void theStandardInputIsEmptyUnlessItIsGiven(Tenant acme, Tools tools) {
    assertThat(acme.run(tools.command("cat")).stdout()).isEmpty();
  }

  @Test
  default void textGoesInAndComesBack(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.command("cat").stdin("grüße\n"));

    assertThat(exit.stdoutText()).isEqualTo("grüße\n");
  }

  @Test
  default void theStandardStreamsArePipes(Tenant acme, Tools tools) {
    Exit exit =
        acme.run(tools.sh("for s in 0 1 2; do test -p /proc/self/fd/$s && echo $s; done; true"));

    assertThat(exit.stdoutText()).isEqualTo("0\n1\n2\n");
  }

  @Test
  default void theStandardInputCanBeOpenedByItsName(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.command("cat", "/dev/stdin").stdin("by its name\n"));

    assertThat(exit.stdoutText()).isEqualTo("by its name\n");
  }

  @Test
  default void moreThanAnyBufferGoesThrough(Tenant acme, Tools tools) {
    byte[] much = new byte[16 << 20];
    new java.util.Random(42).nextBytes(much);

    Exit exit = acme.run(tools.command("cat").stdin(new Input.Bytes(much)));

    assertThat(exit.stdout()).isEqualTo(much);
  }

  @Test
  default void inputThatTheProgramDoesNotReadIsNoError(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.command("true").stdin(new Input.Bytes(new byte[1 << 20])));

    assertThat(exit.status()).isZero();
  }

  @Test
  default void standardErrorIsApartFromStandardOutput(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.sh("echo out; echo err >&2"));

    assertThat(exit.stdoutText()).isEqualTo("out\n");
    assertThat(exit.stderrText()).isEqualTo("err\n");
  }

  @Test
  default void aConversationIsPossible(Tenant acme, Tools tools) throws IOException {
    TaskHandle<Exit> task =
        acme.submit(
            tools
                .sh("while read -r line; do echo \"you said $line\"; done")
                .stdin(new Input.Stream()));
    try (BufferedReader replies = new BufferedReader(new InputStreamReader(task.stdout(), UTF_8))) {
      try (OutputStream stdin = task.stdin()) {
        for (String word : new String[] {"one", "two"}) {
          stdin.write((word + "\n").getBytes(UTF_8));
          stdin.flush();
          assertThat(replies.readLine()).isEqualTo("you said " + word);
        }
      }
      assertThat(replies.readLine()).as("after the end of its input").isNull();
    }
    assertThat(task.outcome()).succeeded();
  }

  @Test
  default void standardErrorCanBeReadMeanwhile(Tenant acme, Tools tools) throws IOException {
    TaskHandle<Exit> task =
        acme.submit(
            tools
                .sh("echo ready >&2; read -r line; echo $line >&2")
                .stdin(new Input.Stream())
                .stderr(Output.STREAM));
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(task.stderr(), UTF_8));
        OutputStream stdin = task.stdin()) {
      assertThat(lines.readLine()).isEqualTo("ready");
      stdin.write("go\n".getBytes(UTF_8));
      stdin.flush();
      assertThat(lines.readLine()).isEqualTo("go");
    }
    assertThat(assertThat(task.outcome()).succeeded().stderr()).as("kept").isEmpty();
  }

  @Test
  default void onlyACommandThatAskedForItTakesAStream(Tenant acme, Tools tools) {
    TaskHandle<Exit> task = acme.submit(tools.command("true"));

    assertThatIllegalStateException().isThrownBy(task::stdin);
    assertThat(task.outcome()).succeeded();
  }

  @Test
  default void whatIsDiscardedIsNotKeptButCounted(Tenant acme, Tools tools) throws IOException {
    TaskHandle<Exit> task =
        acme.submit(tools.command("echo", "nobody hears").stdout(Output.DISCARD));

    assertThat(assertThat(task.outcome()).succeeded().stdout()).isEmpty();
    try (InputStream stdout = task.stdout()) {
      assertThat(stdout.readAllBytes()).isEmpty();
    }
    assertThat(task.usage().outputBytes()).isEqualTo("nobody hears\n".length());
  }

  @Test
  default void aProgramWhoseReaderWaitsMustWaitItself(
      Tenant acme, Tools tools, StrategyUnderTest strategy) throws IOException {
    int size = 48 << 20;
    TaskHandle<Exit> task =
        acme.submit(tools.command("head", "-c", "" + size, "/dev/zero").stdout(Output.STREAM));
    try (InputStream stdout = task.stdout()) {
      assertThat(stdout.read()).isZero();

      // It has written what fits between it and its reader, and gets no further.
      long most = settled(() -> task.usage().outputBytes());
      assertThat(most).as("bytes under way").isLessThan(strategy.mostUnderWay());
      assertThat(task.result()).isNotDone();

      stdout.skipNBytes(size - 1);
      assertThat(stdout.read()).isEqualTo(-1);
    }
    assertThat(task.outcome()).succeeded();
    assertThat(task.usage().outputBytes()).isEqualTo(size);
  }

  @Test
  default void writingWaitsWhileTheProgramDoesNotRead(
      Tenant acme, Tools tools, StrategyUnderTest strategy) throws Exception {
    TaskHandle<Exit> task = acme.submit(tools.command("sleep", "1000").stdin(new Input.Stream()));
    AtomicLong written = new AtomicLong();
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (OutputStream stdin = task.stdin()) {
                    while (true) {
                      stdin.write(new byte[1 << 16]);
                      stdin.flush();
                      written.addAndGet(1 << 16);
                    }
                  } catch (IOException ended) {
                    // What the cancellation below is for.
                  }
                });

    assertThat(settled(written::get)).as("bytes under way").isLessThan(strategy.mostUnderWay());
    assertThat(writer.isAlive()).isTrue();

    task.cancel();
    assertThat(task.outcome()).cancelled();
    writer.join();
  }

  @Test
  default void aBlockedReaderDoesNotKeepTheTaskFromBeingKilled(Tenant acme, Tools tools) {
    TaskHandle<Exit> task = acme.submit(tools.command("yes").stdout(Output.STREAM));
    Eventually.within(
        Duration.ofSeconds(60), () -> task.usage().outputBytes() > 0, "output of yes");

    task.cancel();

    assertThat(task.outcome()).cancelled();
  }

  /** A figure once it has not grown for a while: too small a while only makes it smaller. */
  private static long settled(java.util.function.LongSupplier figure) {
    long last = -1;
    for (int still = 0; still < 40; ) {
      long now = figure.getAsLong();
      still = now == last && now > 0 ? still + 1 : 0;
      last = now;
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return last;
  }
}
