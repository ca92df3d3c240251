package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static io.cordon.process.CellRun.withInput;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.identity.HostIdentities;
import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.quota.QuotaEnforcer;
import io.cordon.process.quota.QuotaEnforcers;
import io.cordon.process.seccomp.Profile;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Launches that fail say why, and leave nothing: {@link Cells} looks. */
@ExtendWith(Cells.class)
@Timeout(120)
class LaunchFailureIT {

  @Test
  void programThatIsNotThere(IsolationStrategy strategy) {
    assertRefused(
        ErrorCode.PROGRAM_NOT_FOUND,
        "execute /usr/bin/no-such-program",
        () -> strategy.launch(command("/usr/bin/no-such-program")));
    assertRefused(
        ErrorCode.PROGRAM_NOT_FOUND,
        "execute /opt/program",
        () -> strategy.launch(command("/opt/program")));
  }

  @Test
  void programOfTheWorkingDirectoryIsNotExecuted(IsolationStrategy strategy) {
    CellSpec spec = withInput(command("./script"), "script", "#!/bin/sh\n".getBytes(UTF_8));
    assertRefused(ErrorCode.PROGRAM_NOT_FOUND, "EACCES", () -> strategy.launch(spec));
  }

  @Test
  void directoryIsNoProgram(IsolationStrategy strategy) {
    assertRefused(
        ErrorCode.PROGRAM_NOT_FOUND, "EACCES", () -> strategy.launch(command("/usr/bin")));
  }

  @Test
  void fileThatIsNoProgram(IsolationStrategy strategy) {
    assertThatThrownBy(() -> strategy.launch(command("/usr/share/zoneinfo/UTC")))
        .isInstanceOf(SandboxException.class);
  }

  @Test
  void argumentsBeyondTheKernelsLimit(IsolationStrategy strategy) {
    assertRefused(
        ErrorCode.LAUNCH_FAILED,
        "E2BIG",
        () -> strategy.launch(command("true", "x".repeat(200_000))));
  }

  /** Some are killed between the launcher's clone and the first word of init: nobody knows it. */
  @Test
  void launchThatIsAbandonedAtAnyMomentLeavesNothing(IsolationStrategy strategy) {
    int refused = 0;
    for (int i = 0; i < 150; i++) {
      CellSpec spec = CellRun.withStartMax(command("true"), Duration.ofNanos(i * 20_000L + 1));
      try {
        strategy.launch(spec).close(); // it was quicker
      } catch (SandboxException e) {
        refused++;
        assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED);
        assertThat(e).hasMessageContaining("start.max");
      }
    }
    assertThat(refused).as("a nanosecond, to begin with, is too short").isPositive();
  }

  @Test
  void interruptedLaunchIsAbandoned(IsolationStrategy strategy) {
    for (int i = 0; i < 20; i++) {
      Thread.currentThread().interrupt();
      assertRefused(ErrorCode.LAUNCH_FAILED, "interrupted", () -> strategy.launch(command("true")));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closedStrategyLaunchesNothing(IsolationStrategy strategy) {
    strategy.close();
    assertRefused(ErrorCode.CLOSED, "closed", () -> strategy.launch(command("true")));
  }

  /** As in CVE-2025-31133, but on the host's side. */
  @Test
  void sourceThatBecomesALinkIsRefused(IsolationStrategy strategy, @TempDir Path directory)
      throws IOException {
    Path jar = Files.writeString(directory.toRealPath().resolve("a.jar"), "");
    FileTree tree = new FileTree().bind(jar, Path.of("/cordon/lib/a.jar"), false);
    Files.delete(jar);
    Files.createSymbolicLink(jar, Path.of("/etc/shadow"));
    assertSourceRefused(tree, "find " + jar, Errno.ELOOP, directory);
  }

  @Test
  void directoryOnTheWayThatBecomesALinkIsRefused(
      IsolationStrategy strategy, @TempDir Path directory) throws IOException {
    Path lib = Files.createDirectory(directory.toRealPath().resolve("lib"));
    Path jar = Files.writeString(lib.resolve("a.jar"), "");
    FileTree tree = new FileTree().bind(jar, Path.of("/cordon/lib/a.jar"), false);
    Files.move(lib, lib.resolveSibling("moved"));
    Files.createSymbolicLink(lib, Path.of("moved"));
    assertSourceRefused(tree, "find " + jar, Errno.ELOOP, directory);
  }

  @Test
  void directoryThatBecomesAFileIsRefused(IsolationStrategy strategy, @TempDir Path directory)
      throws IOException {
    Path lib = Files.createDirectory(directory.toRealPath().resolve("lib"));
    FileTree tree = new FileTree().bind(lib, Path.of("/cordon/java/lib"), false);
    Files.delete(lib);
    Files.writeString(lib, "");
    assertSourceRefused(tree, "find " + lib, Errno.ENOTDIR, directory);
  }

  private static void assertSourceRefused(FileTree tree, String step, Errno errno, Path cache) {
    Architecture architecture = Architecture.of("amd64").orElseThrow();
    Kernel kernel = Kernel.bind(architecture.systemCalls());
    try (TenantIdentities identities = HostIdentities.detect();
        QuotaEnforcer quotas = QuotaEnforcers.detect(Path.of("/proc"), kernel);
        SupervisorThreads threads = new SupervisorThreads()) {
      Tenancy tenancy = new Tenancy(quotas, identities);
      Workshop workshop = new Workshop(kernel, architecture, cache, threads);
      Execution execution = new Execution("/bin/true", List.of("true"), Map.of(), Host.UNLIMITED);
      CellView view = new CellView(tree, Optional.of(execution), Profile.COMMAND);
      assertThatThrownBy(() -> new Launch(workshop, tenancy, command("true"), view).run())
          .isInstanceOfSatisfying(
              StepFailedException.class,
              e -> {
                assertThat(e.step().name()).isEqualTo(step);
                assertThat(e.errno()).isEqualTo((int) errno.value());
              });
    }
  }

  private static void assertRefused(ErrorCode code, String part, ThrowingCallable launch) {
    assertThatThrownBy(launch)
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }
}
