package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.policy.Protection;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Layer.State;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Cells.class)
@Timeout(180)
class HostReportIT {

  @Test
  void hostThatRunsTheseTestsIsUsable(IsolationStrategy strategy) {
    StrategyReport report = strategy.report();
    assertThat(report.name()).isEqualTo("process");
    assertThat(report.usable()).isTrue();
    assertThat(report.tier()).isIn("cgroup-v2", "cgroup-v1", "rlimit");
    assertThat(report.layers())
        .extracting(Layer::name)
        .contains(
            "user-namespace",
            "mount-namespace",
            "pid-namespace",
            "network-namespace",
            "ipc-namespace",
            "uts-namespace",
            "cgroup-namespace",
            "time-namespace",
            "new-root",
            "init",
            "capabilities",
            "no-new-privileges",
            "rlimits",
            "landlock",
            "seccomp",
            "cgroup-memory",
            "cgroup-cpu",
            "cgroup-pids");
    assertThat(strategy.report()).as("is probed once").isSameAs(report);
  }

  @Test
  void whoIsInterruptedDoesNotMakeTheHostUnusable(@TempDir Path cache) {
    try (CellLauncher launcher = ThisHost.launcher(cache)) {
      Thread.currentThread().interrupt();
      assertThat(launcher.report().usable()).isTrue();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void cellHasTheLayersOfTheReport(IsolationStrategy strategy) {
    try (Cell cell = strategy.launch(CellRun.command("true"))) {
      assertThat(cell.layers()).isEqualTo(strategy.report().layers());
      assertThat(cell.tier()).isEqualTo(strategy.report().tier());
    }
  }

  @Test
  void explanationIsThePlanThatIsLaunched(IsolationStrategy strategy) {
    assertThat(strategy.explain(CellRun.command("echo", "hello")))
        .hasSizeGreaterThan(100)
        .anySatisfy(line -> assertThat(line).contains("execve(\"/usr/bin/echo\", {\"echo\", \"he"))
        .anySatisfy(line -> assertThat(line).contains("pivot_root(\".\", \".\")"));
  }

  /** A host whose users may make no user namespaces, made of one in which that is so. */
  @Test
  void withoutUserNamespacesTheLayerAndTheRemedyAreNamed(@TempDir Path cache) throws Exception {
    String report = reportOn(cache, "open('/proc/sys/user/max_user_namespaces', 'w').write('0')");
    assertThat(report)
        .startsWith("usable false\n")
        .containsPattern("user-namespace MISSING unshare: ENOSPC .*user.max_user_namespaces=")
        .contains("pid-namespace MISSING")
        .contains("new-root MISSING")
        .contains("seccomp IN_FORCE");
  }

  /** As containers have it: parts of /proc are covered. */
  @Test
  void withMaskedProcTheLayerAndTheRemedyAreNamed(@TempDir Path cache) throws Exception {
    String report = reportOn(cache, "libc.mount(b'none', b'/proc/bus', b'tmpfs', 0, None)");
    assertThat(report)
        .startsWith("usable false\n")
        .containsPattern("new-root MISSING step 'mount proc' failed: EPERM.*systempaths=unconfined")
        .contains("user-namespace IN_FORCE", "pid-namespace IN_FORCE", "seccomp IN_FORCE");
  }

  /** Runs a JVM of an ordinary user in a user and mount namespace, after preparing that. */
  private static String reportOn(Path cache, String preparation) throws Exception {
    assumeThat(Path.of("/usr/bin/python3")).as("python3 prepares the host").exists();
    String script =
        """
        import ctypes, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        uid, gid = os.getuid(), os.getgid()
        if libc.unshare(0x10000000 | 0x20000): sys.exit('unshare')
        open('/proc/self/setgroups', 'w').write('deny')
        open('/proc/self/uid_map', 'w').write('1000 %d 1' % uid)
        open('/proc/self/gid_map', 'w').write('1000 %d 1' % gid)
        if libc.mount(b'none', b'/', None, 0x4000 | 0x40000, None): sys.exit('private')
        PREPARATION
        os.execv(sys.argv[1], sys.argv[1:])
        """
            .replace("PREPARATION", preparation);
    List<String> command = new ArrayList<>(List.of("python3", "-c", script));
    command.addAll(FreshJvm.command(Reporter.class, cache.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return out;
  }

  /** Prints a report. */
  static final class Reporter {
    private Reporter() {}

    public static void main(String[] arguments) {
      try (IsolationStrategy strategy = Cells.open(Path.of(arguments[0]))) {
        StrategyReport report = strategy.report();
        System.out.println("usable " + report.usable());
        for (Layer layer : report.layers()) {
          System.out.printf(
              "%s %s %s %s%n", layer.name(), layer.state(), layer.detail(), layer.remedy());
        }
      }
    }
  }

  @Test
  void protectionsAreThoseOfPolicies(IsolationStrategy strategy) {
    assertThat(strategy.report().layers())
        .filteredOn(layer -> layer.name().endsWith("-namespace"))
        .extracting(Layer::protection)
        .containsOnly(Optional.of(Protection.NAMESPACES));
    assertThat(strategy.report().layers())
        .filteredOn(layer -> layer.state() == State.MISSING)
        .allSatisfy(layer -> assertThat(layer.detail()).isNotEmpty());
  }
}
