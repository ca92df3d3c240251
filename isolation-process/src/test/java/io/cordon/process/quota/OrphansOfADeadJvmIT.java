package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a killed JVM has left is removed by the next one; what a living one has, is not. */
class OrphansOfADeadJvmIT {
  private static final String[] IN_A_PID_NAMESPACE = {
    "unshare", "--pid", "--fork", "--mount-proc", "--kill-child"
  };

  @Test
  void theNextJvmKillsThemAndRemovesTheirGroups() throws Exception {
    Host.groupQuotas().close();
    Application application = Application.start();
    application.die();
    assertThat(ProcessHandle.of(application.cellPid())).isPresent();
    assertThat(application.joinFiles()).isNotEmpty().allMatch(Files::exists);

    Host.quotas().close();

    Await.until("dead", () -> Host.dead(application.cellPid()));
    assertThat(application.joinFiles())
        .noneMatch(file -> Files.exists(Host.applicationGroup(file)));
  }

  @Test
  void aLivingJvmKeepsItsOwn() throws Exception {
    Host.groupQuotas().close();
    try (Application application = Application.start()) {

      Host.quotas().close();

      assertThat(Host.dead(application.cellPid())).isFalse();
      assertThat(application.joinFiles()).isNotEmpty().allMatch(Files::exists);
    }
  }

  /** In its own pid namespace it has a pid that nobody has here, or somebody else. */
  @Test
  void aLivingJvmOfAnotherPidNamespaceKeepsItsOwn() throws Exception {
    Host.groupQuotas().close();
    assumePidNamespaces();
    try (Application application = Application.start(IN_A_PID_NAMESPACE)) {

      Host.quotas().close();

      assertThat(application.joinFiles()).isNotEmpty().allMatch(Files::exists);
      assertThat(Files.readString(procs(application))).isNotBlank();
    }
  }

  /** A lock is the process's, and lost when any descriptor of its file is closed. */
  @Test
  void aSecondEnforcerOfAJvmDoesNotCostTheFirstItsLock() throws Exception {
    try (QuotaEnforcer first = Host.groupQuotas();
        CellQuota quota = first.open("acme", "kept", Host.limits(1000, 64, 16))) {
      assumePidNamespaces();
      Host.quotas().close();

      Application.start(IN_A_PID_NAMESPACE).close();

      assertThat(quota.joinFiles()).isNotEmpty().allMatch(Files::exists);
    }
  }

  private static void assumePidNamespaces() throws Exception {
    assumeTrue(
        new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true").start().waitFor()
            == 0,
        "needs the right to make pid namespaces");
  }

  private static Path procs(Application application) {
    return application.joinFiles().getFirst().resolveSibling("cgroup.procs");
  }
}
