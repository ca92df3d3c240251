package io.cordon.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordon.samples.cli.CordonProcess.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Typed outcomes of native programs, by the command's JSON, its words and its exit status. */
class RunCommandIT {
  private static final String POLICY =
      """
      tenant: acme
      isolation: { require: [namespaces, seccomp] }
      sandbox: { memory.max: 96Mi, pids.max: 24, disk.max: { bytes: 16Mi, inodes: 1k } }
      task: { wall.max: 4s, output.max: 256Ki }
      """;

  @TempDir static Path scratch;
  static CordonProcess cordon;
  static String policies;

  @BeforeAll
  static void writeThePolicy() throws IOException {
    cordon = new CordonProcess(scratch);
    Path directory = Files.createDirectory(scratch.resolve("policies"));
    Files.writeString(directory.resolve("acme.yaml"), POLICY);
    Files.writeString(directory.resolve("writer.yaml"), "tenant: writer\n");
    policies = directory.toString();
  }

  @Test
  void successIsSilent() throws Exception {
    Result result = run("/bin/true");
    assertThat(result).isEqualTo(new Result(0, "", ""));
  }

  @Test
  void successInJson() throws Exception {
    JsonNode json = json(0, "/bin/echo", "hello");
    assertThat(json.get("outcome").asText()).isEqualTo("succeeded");
    assertThat(json.get("stdout").asText()).isEqualTo("hello\n");
    assertThat(json.get("exitStatus").asInt()).isZero();
    assertThat(json.get("strategy").asText()).isEqualTo("process");
    assertThat(json.get("tier").asText()).isIn("cgroup-v1", "cgroup-v2", "rlimit");
    assertThat(json.get("reasons")).isNotEmpty();
    assertThat(json.get("layers"))
        .anySatisfy(layer -> assertThat(layer.get("name").asText()).isEqualTo("seccomp"));
    assertThat(json.get("launchNanos").asLong()).isPositive();
    assertThat(json.at("/usage/wallNanos").asLong()).isPositive();
    assertThat(json.get("error").isNull()).isTrue();
  }

  @Test
  void standardStreamsPassThrough() throws Exception {
    Result result = cordon.run("one\ntwo\n", command("sh", "-c", "tac; echo oops >&2"));
    assertThat(result).isEqualTo(new Result(0, "two\none\n", "oops\n"));
  }

  @Test
  void filesGoInAndComeOut() throws Exception {
    Files.writeString(scratch.resolve("in.txt"), "b\na\n");
    List<String> arguments = new ArrayList<>(command("sort", "in.txt", "-o", "out.txt"));
    arguments.addAll(1, List.of("--input", "in.txt", "--output", "out.txt"));
    assertThat(cordon.run("", arguments)).isEqualTo(new Result(0, "", ""));
    assertThat(scratch.resolve("out.txt")).hasContent("a\nb\n");

    arguments.add(1, "--json");
    assertThat(cordon.run("", arguments).json().at("/outputs/0").asText()).isEqualTo("out.txt");
  }

  @Test
  void anOutputThatCannotBeBroughtBackIsAFailure() throws Exception {
    List<String> arguments = new ArrayList<>(command("mkdir", "out.txt"));
    arguments.addAll(1, List.of("--output", "out.txt"));
    Result result = cordon.run("", arguments);
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.stderr()).startsWith("cordon: failed: its output out.txt ");
  }

  @Test
  void theExitStatusIsTheCommands() throws Exception {
    JsonNode json = json(7, "sh", "-c", "exit 7");
    assertThat(json.get("outcome").asText()).isEqualTo("failed");
    assertThat(json.get("exitStatus").asInt()).isEqualTo(7);
    assertThat(json.get("limit").isNull()).isTrue();
    Result result = run("sh", "-c", "exit 7");
    assertThat(result.status()).isEqualTo(7);
    assertThat(result.stderr()).matches("cordon: failed: .*\n");
  }

  @Test
  void aSignalOfItsOwnIsACrashAndNoLimit() throws Exception {
    JsonNode json = json(124, "sh", "-c", "kill -KILL $$");
    assertThat(json.get("outcome").asText()).isEqualTo("crashed");
    assertThat(json.get("signal").asInt()).isEqualTo(9);
    assertThat(json.get("limit").isNull()).isTrue();
    assertThat(json.get("trips")).isEmpty();
  }

  @Test
  void theStatusThatASignalWouldGiveIsJustAStatus() throws Exception {
    assertThat(json(137, "sh", "-c", "exit 137").get("outcome").asText()).isEqualTo("failed");
  }

  @Test
  void aForkBombHitsPidsMax() throws Exception {
    // It tries again for a while, and fails in the end: where no control group counts denials, the
    // host has to see the limit reached.
    String bomb =
        """
        import os, time
        end = time.monotonic() + 1
        while time.monotonic() < end:
          try:
            if os.fork() == 0:
              time.sleep(60)
          except OSError:
            time.sleep(0.01)
        os._exit(1)
        """;
    JsonNode json = json(122, "/usr/bin/python3", "-c", bomb);
    assertThat(json.get("outcome").asText()).isEqualTo("limit-exceeded");
    assertThat(json.get("limit").asText()).isEqualTo("pids.max");
    assertThat(json.get("allowed").asLong()).isEqualTo(24);
  }

  @Test
  void aMemoryBombHitsMemoryMax() throws Exception {
    JsonNode json = json(122, "tail", "/dev/zero");
    assertThat(json.get("outcome").asText()).isEqualTo("limit-exceeded");
    assertThat(json.get("limit").asText()).isEqualTo("memory.max");
    assertThat(json.get("allowed").asLong()).isEqualTo(96 << 20);
    assertThat(json.get("evidence").asText())
        .isEqualTo(json.get("tier").asText().equals("rlimit") ? "host" : "kernel");
  }

  @Test
  void sleepingForEverHitsWallMax() throws Exception {
    JsonNode json = json(122, "sleep", "1000");
    assertThat(json.get("limit").asText()).isEqualTo("wall.max");
    assertThat(json.get("allowed").asLong()).isEqualTo(TimeUnit.SECONDS.toNanos(4));
    assertThat(json.get("observed").asLong()).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(4));
    assertThat(json.get("evidence").asText()).isEqualTo("host");
    Result words = run("sleep", "1000");
    assertThat(words.status()).isEqualTo(122);
    assertThat(words.stderr()).matches("cordon: tenant acme exceeded wall\\.max: .* of 4 s .*\n");
  }

  @Test
  void endlessOutputHitsOutputMax() throws Exception {
    JsonNode json = json(122, "yes");
    assertThat(json.get("limit").asText()).isEqualTo("output.max");
    assertThat(json.get("allowed").asLong()).isEqualTo(256 << 10);
    assertThat(json.get("stdout").asText())
        .hasSizeLessThanOrEqualTo(256 << 10)
        .startsWith("y\ny\n");
  }

  @Test
  void theHostsSecretsAreNotThere() throws Exception {
    JsonNode json = json(1, "cat", "/etc/shadow");
    assertThat(json.get("outcome").asText()).isEqualTo("failed");
    assertThat(json.get("stdout").asText()).isEmpty();
    assertThat(json.get("stderr").asText()).contains("/etc/shadow");
  }

  @Test
  void theHostsNetworkIsNotThere() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String connect = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + " && echo connected";
      Process control = new ProcessBuilder("bash", "-c", connect).start();
      assertThat(control.inputReader().readLine()).as("outside a sandbox").isEqualTo("connected");

      JsonNode json = json(1, "bash", "-c", connect);
      assertThat(json.get("outcome").asText()).isEqualTo("failed");
      assertThat(json.get("stdout").asText()).isEmpty();
    }
  }

  @Test
  void aMicroVmThatWouldHaveToBeEmulatedWithoutPermissionIsARefusal() throws Exception {
    assumeThat(layerOfMicroVms("hardware-virtualization"))
        .as("KVM works here, so nothing has to be emulated")
        .isNotEqualTo("in-force");
    List<String> arguments = new ArrayList<>(command("/bin/true"));
    arguments.addAll(1, List.of("--json", "--strategy", "vm"));
    Result result = cordon.run("", arguments);
    assertThat(result.status()).isEqualTo(123);
    assertThat(result.json().get("outcome").asText()).isEqualTo("refused");
    assertThat(result.json().at("/error/code").asText()).isEqualTo("strategy-unusable");
  }

  @Test
  void aCommandRunsOnAKernelOfItsOwn() throws Exception {
    for (String layer : List.of("vmm", "guest-kernel")) {
      assumeThat(layerOfMicroVms(layer)).as("the " + layer + " of micro-VMs").isEqualTo("in-force");
    }
    Result result = cordon.run("", List.of("run", "--strategy", "vm", "--", "uname", "-r"));
    assertThat(result.status()).as(result.stderr()).isZero();
    assertThat(result.stdout())
        .matches("[0-9]+[.][0-9]+.*\n")
        .isNotEqualTo(System.getProperty("os.version") + "\n");
  }

  private String layerOfMicroVms(String name) throws Exception {
    for (JsonNode strategy : cordon.run("doctor", "--json").json().get("strategies")) {
      for (JsonNode layer : strategy.get("layers")) {
        if (strategy.get("name").asText().equals("vm") && layer.get("name").asText().equals(name)) {
          return layer.get("state").asText();
        }
      }
    }
    return "missing";
  }

  @Test
  void aProgramThatIsNotThereIsARefusal() throws Exception {
    JsonNode json = json(123, "no-such-program");
    assertThat(json.get("outcome").asText()).isEqualTo("refused");
    assertThat(json.at("/error/code").asText()).isEqualTo("program-not-found");
  }

  @Test
  void thePlanIsPrintedAndNothingRuns() throws Exception {
    List<String> arguments = new ArrayList<>(command("/bin/true"));
    arguments.set(0, "plan");
    Result result = cordon.run("", arguments);
    assertThat(result.status()).isZero();
    assertThat(result.stdout())
        .startsWith("strategy process")
        .contains("memory.max: ", ", decided by the ", "seccomp", "execve");
  }

  @Test
  void aScriptsValueIsPrinted() throws Exception {
    Files.writeString(scratch.resolve("sum.js"), "({sum: [1, 2, 3].reduce((a, b) => a + b)})");
    Result result =
        cordon.run(
            "script", "--language", "js", "--policies", policies, "--tenant", "writer", "sum.js");
    assertThat(result).isEqualTo(new Result(0, "{\"sum\":6}\n", ""));
  }

  private static Result run(String... command) throws Exception {
    return cordon.run("", command(command));
  }

  private static JsonNode json(int status, String... command) throws Exception {
    List<String> arguments = new ArrayList<>(command(command));
    arguments.add(1, "--json");
    Result result = cordon.run("", arguments);
    assertThat(result.stderr()).isEmpty();
    assertThat(result.status()).as(result.stdout()).isEqualTo(status);
    return result.json();
  }

  private static List<String> command(String... command) {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--policies", policies, "--tenant", "acme", "--"));
    arguments.addAll(List.of(command));
    return arguments;
  }
}
