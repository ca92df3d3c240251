package io.cordon.process.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
  private static final Path HEADER = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
  private static final Pattern DEFINITION = Pattern.compile("(?m)^#define __NR_(\\w+) (\\d+)$");

  private final SystemCalls calls = SystemCalls.of("x86_64");

  @Test
  void agreesWithTheKernelHeaders() throws IOException {
    assumeThat(HEADER).as("the kernel's headers (package linux-libc-dev)").exists();
    var definitions = DEFINITION.matcher(Files.readString(HEADER));
    for (MatchResult definition : definitions.results().toList()) {
      assertThat(calls.number(definition.group(1)))
          .as(definition.group(1))
          .isEqualTo(Integer.parseInt(definition.group(2)));
    }
  }

  @Test
  void numbersAreDistinct() {
    assertThat(calls.names().stream().map(calls::number)).doesNotHaveDuplicates();
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatThrownBy(() -> calls.number("opennat")).hasMessageContaining("opennat");
    assertThat(calls.find("opennat")).isEmpty();
    assertThatThrownBy(() -> SystemCalls.of("s390")).hasMessageContaining("s390");
  }
}
