package io.cordon.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart in a JVM of its own, started in each of the ways in which applications are. */
class QuickstartIT {
  private static final ClassPath CLASS_PATH = ClassPath.ofThisTest();
  private static final String POLICY =
      """
      tenant: acme
      sandbox: { memory.max: 256Mi, pids.max: 64 }
      task: { wall.max: 2s }
      """;

  @TempDir static Path shared;
  static Path policies;
  static Path plugin;

  @BeforeAll
  static void writeThePolicyAndThePlugin() throws IOException {
    policies = Files.createDirectory(shared.resolve("policies"));
    Files.writeString(policies.resolve("acme.yaml"), POLICY);
    plugin = DiscountPlugin.make(Files.createDirectory(shared.resolve("plugin")));
  }

  @Test
  void runsFromPlainJars() throws Exception {
    assertItWorks(CLASS_PATH.plainJars());
  }

  @Test
  void runsFromTheDirectoriesOfAnIde(@TempDir Path scratch) throws Exception {
    assertItWorks(CLASS_PATH.directories(scratch));
  }

  @Test
  void runsFromAFatJar(@TempDir Path scratch) throws Exception {
    assertItWorks(CLASS_PATH.fatJar(scratch));
  }

  private static void assertItWorks(List<String> application) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(application);
    command.addAll(List.of(policies.toString(), plugin.toString()));
    Path out = shared.resolve("out");
    Path err = shared.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("XDG_CACHE_HOME", shared.resolve("cache").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(err).as("the host's own standard error").isEmptyFile();
    assertThat(out)
        .hasContent(
            """
            script: 1000
            plugin: 900
            command: [cake, tea]
            sleep hit wall.max
            """);
    assertThat(process.exitValue()).isZero();
  }
}
