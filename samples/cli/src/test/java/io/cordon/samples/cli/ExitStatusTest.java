package io.cordon.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ExitStatusTest {

  @Test
  void aFailureHasTheStatusOfTheCommand() {
    assertThat(ExitStatus.of(Outcomes.failed(OptionalInt.of(7)))).isEqualTo(7);
  }

  @Test
  void aScriptsFailureIsOne() {
    assertThat(ExitStatus.of(Outcomes.failed(OptionalInt.empty()))).isEqualTo(1);
  }

  @Test
  void aFailureIsNoneOfSuccess() {
    assertThat(ExitStatus.of(Outcomes.failed(OptionalInt.of(0))))
        .as("the command ended well, but its output can't be brought back")
        .isEqualTo(1);
  }
}
