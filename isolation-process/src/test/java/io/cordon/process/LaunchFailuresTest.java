package io.cordon.process;

import static io.cordon.process.plan.Argument.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.Supervisor.Launched;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.quota.QuotaCounters;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellCounters;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LaunchFailuresTest {

  @Test
  void namesStepAndError() {
    SandboxException e = failed("rlimits", "limit core", "prlimit64", Errno.EINVAL);
    assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED);
    assertThat(e.reason()).isEqualTo("step 'limit core' failed: EINVAL");
  }

  @Test
  void missingProgramIsItsOwnError() {
    for (Errno errno : new Errno[] {Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR}) {
      assertThat(failed("launch", "execute /x", "execve", errno).code())
          .isEqualTo(ErrorCode.PROGRAM_NOT_FOUND);
    }
    assertThat(failed("launch", "execute /x", "execve", Errno.E2BIG).code())
        .isEqualTo(ErrorCode.LAUNCH_FAILED);
  }

  @Test
  void limitThatIsTooSmallIsNamed() {
    assertThat(failed("inputs", "copy input a", "sendfile", Errno.ENOSPC))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL))
        .hasMessageContaining("disk.max of 16777216 bytes and 500 inodes");
    assertThat(failed("init", "start the workload", "clone", Errno.EAGAIN))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL))
        .hasMessageContaining("pids.max of 64");
    assertThat(failed("seccomp", "only listed system calls", "seccomp", Errno.ENOMEM))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL))
        .hasMessageContaining("memory.max of 536870912 bytes");
  }

  @Test
  void killedForMemoryIsTheLimitsFault() {
    LaunchPlan plan = new PlanBuilder().build();
    assertThat(
            LaunchFailures.of(CellRun.command("x"), plan, new Launched.Died(9), killed(1)).code())
        .isEqualTo(ErrorCode.LIMIT_TOO_SMALL);
    assertThat(
            LaunchFailures.of(CellRun.command("x"), plan, new Launched.Died(9), killed(0)).code())
        .isEqualTo(ErrorCode.LAUNCH_FAILED);
  }

  @Test
  void remediesAreCommands() {
    assertThat(failed("namespaces", "new namespaces", "unshare", Errno.ENOSPC))
        .hasMessageContaining("sysctl -w user.max_user_namespaces=");
    assertThat(failed("namespaces", "new namespaces", "unshare", Errno.EPERM))
        .hasMessageContaining("sysctl -w kernel.unprivileged_userns_clone=1");
    assertThat(failed("user-namespace", "map the user", "write", Errno.EPERM))
        .hasMessageContaining("sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
    assertThat(failed("new-root", "mount proc", "mount", Errno.EPERM))
        .hasMessageContaining("--security-opt systempaths=unconfined");
    assertThat(LaunchFailures.ofHost(new SystemCallException("memfd_create", 13)))
        .hasMessageContaining("sysctl -w vm.memfd_noexec=0");
  }

  private static SandboxException failed(String layer, String name, String call, Errno errno) {
    LaunchPlan plan = new PlanBuilder().layer(layer).call(name, call, number(0)).build();
    Launched launched = new Launched.Failed(0, (int) errno.value());
    return LaunchFailures.of(CellRun.command("x"), plan, launched, killed(0));
  }

  private static QuotaCounters killed(long forMemory) {
    return new QuotaCounters(
        0,
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        forMemory,
        Evidence.KERNEL,
        0,
        0,
        Evidence.KERNEL,
        CellCounters.Flow.UNKNOWN,
        CellCounters.TenantTrips.NONE);
  }
}
