package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PlainProcess;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attack 65: more arguments, environment or input than anybody takes. */
interface GiantInputIsRefusedOrWaits {

  int LONG = 1 << 20;
  int MANY = 100_000;

  /** What is giant. */
  enum Giant {
    ARGUMENT {
      @Override
      Command of(Tools tools) {
        return tools.command("true", "x".repeat(LONG));
      }
    },
    ARGUMENTS {
      @Override
      Command of(Tools tools) {
        List<String> all = new ArrayList<>(Collections.nCopies(MANY, "argument".repeat(10)));
        return tools.command("true", all.toArray(String[]::new));
      }
    },
    VARIABLE {
      @Override
      Command of(Tools tools) {
        return tools.command("true").environment("GIANT", "x".repeat(LONG));
      }
    };

    abstract Command of(Tools tools);
  }

  @ParameterizedTest
  @EnumSource
  default void whatNoProgramCanBeGivenIsAnErrorAtOnce(Giant giant, Tenant victim, Tools tools) {
    Outcome<Exit> outcome = victim.submit(giant.of(tools)).outcome();

    assertThat(OutcomeAssert.assertThat(outcome).refused(ErrorCode.LAUNCH_FAILED).reason())
        .contains("E2BIG");
    OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();
  }

  @Test
  default void inputWithoutEndIsReadUntilTheClockEndsIt(Tenant hasty, Tools tools)
      throws Exception {
    TaskHandle<Exit> reader =
        hasty.submit(tools.sh("exec cat > /dev/null").stdin(new Command.Input.Stream()));
    AtomicLong written = new AtomicLong();
    Thread writer = endless(reader, written);

    OutcomeAssert.assertThat(reader.outcome()).exceeded(Limit.WALL, Evidence.HOST);
    writer.join();
    assertThat(written).hasPositiveValue();
  }

  @Test
  default void inputThatNobodyReadsDoesNotHoldUpTheEnd(Tenant victim, Tools tools)
      throws Exception {
    TaskHandle<Exit> deaf = victim.submit(tools.sh("echo well").stdin(new Command.Input.Stream()));
    Thread writer = endless(deaf, new AtomicLong());

    assertThat(OutcomeAssert.assertThat(deaf.outcome()).succeeded().stdoutText())
        .isEqualTo("well\n");
    writer.join();
  }

  private static Thread endless(TaskHandle<Exit> task, AtomicLong written) {
    return Thread.ofVirtual()
        .start(
            () -> {
              byte[] much = new byte[1 << 16];
              try (OutputStream stdin = task.stdin()) {
                while (true) {
                  stdin.write(much);
                  stdin.flush();
                  written.addAndGet(much.length);
                }
              } catch (IOException ended) {
                // which is what the test waits for
              }
            });
  }

  @Test
  default void theControlIsNotGivenThemEither(@TempDir Path directory) {
    List<String> many = new ArrayList<>(Collections.nCopies(MANY, "argument".repeat(10)));
    many.addFirst("true");
    for (List<String> command : List.of(List.of("true", "x".repeat(LONG)), many)) {
      Assertions.assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> PlainProcess.run(directory, command, Map.of()));
    }
  }
}
