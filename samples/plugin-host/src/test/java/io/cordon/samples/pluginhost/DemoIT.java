package io.cordon.samples.pluginhost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application as a person starts it: in a JVM of its own. */
class DemoIT {
  private static final int SIGTERM_STATUS = 128 + 15;

  @TempDir private Path directory;

  @Test
  void onceShowsEveryPluginAndSaysNothingOnItsStandardError() throws Exception {
    Process demo = start("--once");
    List<String> lines;
    try (BufferedReader out = demo.inputReader(UTF_8)) {
      lines = out.lines().toList();
    }

    assertThat(demo.waitFor()).as("%s", lines).isZero();
    assertThat(stderr()).isEmpty();
    assertThat(lines).filteredOn(line -> line.contains(" process/")).hasSize(4);
    assertThat(lines).filteredOn(line -> line.contains(" vm/")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.contains(" succeeded ")).hasSize(3);
    assertThat(lines).filteredOn(line -> line.contains(" stopped at ")).hasSize(2);
    assertThat(lines).anyMatch(line -> line.startsWith("Served at http://127.0.0.1:"));
  }

  @Test
  void staysUntilItIsInterruptedAndLeavesNothing() throws Exception {
    Process demo = start();
    try (BufferedReader out = demo.inputReader(UTF_8)) {
      URI address = servedAt(out);
      try (Client client = new Client(address)) {
        assertThat(client.get("/tenants/blog/usage").body().at("/total/tasks").asInt())
            .isEqualTo(2);
      }
      List<ProcessHandle> children = demo.descendants().toList();

      demo.destroy();

      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(demo.exitValue()).isEqualTo(SIGTERM_STATUS);
      assertThat(stderr()).isEmpty();
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    } finally {
      demo.destroyForcibly();
    }
  }

  @Test
  void aTakenPortIsAnErrorThatNamesIt() throws Exception {
    try (PluginHost host =
        PluginHost.open(Installed.policies(), Installed.plugins(), 0, progress -> {})) {
      int taken = host.address().getPort();
      Process demo = start("--once", "--port", Integer.toString(taken));
      demo.inputReader(UTF_8).close();

      assertThat(demo.waitFor()).isEqualTo(1);
      assertThat(stderr()).contains(Integer.toString(taken)).doesNotContain("\tat ");
    }
  }

  private static URI servedAt(BufferedReader out) throws IOException {
    String prefix = "Served at ";
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(prefix)) {
        return URI.create(line.substring(prefix.length()));
      }
    }
    throw new AssertionError("the application ended without an address");
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--policies",
                Installed.policies().toString(),
                "--plugins",
                Installed.plugins().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
  }

  private String stderr() throws IOException {
    return Files.readString(directory.resolve("stderr"));
  }
}
