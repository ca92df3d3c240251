package io.cordon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class QuietStartIT {
  @TempDir Path policies;

  /**
   * A warning of the JVM there, such as on sun.misc.Unsafe, would be in every application's log.
   */
  @Test
  @Timeout(120)
  void theStandardErrorOfAFreshJvmStaysEmpty() throws Exception {
    Files.writeString(
        policies.resolve("acme.yaml"),
        """
        tenant: acme
        isolation: { strategy: auto, require: [] }
        """);
    Path errors = policies.resolve("errors");
    Process application =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                QuietApplication.class.getName(),
                policies.toString(),
                Path.of("target", "test-cache").toAbsolutePath().toString())
            .redirectError(errors.toFile())
            .start();
    String output = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(application.waitFor()).isZero();
    assertThat(Files.readString(errors)).isEmpty();
    assertThat(output).isEqualTo("one\n2\nprocess\nexec true\n");
  }
}
