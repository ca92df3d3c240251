package io.cordon.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextReporterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final TextReporter reporter =
      new TextReporter(
          new Stdio(
              InputStream.nullInputStream(), true, out, new PrintStream(err, true, UTF_8), false));

  static List<Outcome<?>> outcomes() {
    return Outcomes.all();
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void noGuestCanPutAnythingButTextOnTheTerminal(Outcome<?> outcome) throws IOException {
    reporter.ended(outcome);
    assertThat(err.toString(UTF_8)).matches("(cordon: [\\x20-\\x7e]+\\n)*");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void aPlainSuccessIsSilent() throws IOException {
    reporter.ended(Outcomes.succeeded());
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void aSuccessThatWasDeniedSomethingSaysSo() throws IOException {
    reporter.ended(Outcomes.succeeded(Outcomes.PIDS));
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "cordon: succeeded, but was denied pids.max: more than 64 wanted, 3 times"
                + " (evidence: kernel)\n");
  }

  @Test
  void aLimitIsOneLine() throws IOException {
    reporter.ended(Outcomes.all().get(1));
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "cordon: tenant acme exceeded memory.max: 256 MiB of 256 MiB (evidence: kernel)\n");
  }
}
