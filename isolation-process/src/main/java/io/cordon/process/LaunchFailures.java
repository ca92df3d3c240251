package io.cordon.process;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.Supervisor.Launched;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Step;
import io.cordon.process.quota.QuotaCounters;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a failed step means, and what to do about it. */
final class LaunchFailures {

  private LaunchFailures() {}

  /**
   * What became of a launch that did not end with the program executing.
   *
   * @param used what its processes used until then
   */
  static SandboxException of(
      CellSpec spec, LaunchPlan plan, Launched launched, QuotaCounters used) {
    return switch (launched) {
      case Launched.Failed(int step, int errno) -> ofStep(spec, plan.call(step), errno);
      case Launched.Died(int status) -> ofDeath(spec, status, used);
      case Launched.NotStarted(SystemCallException cause) -> ofHost(cause);
      case Launched.NotStarted(Throwable cause) ->
          new SandboxException(
              ErrorCode.LAUNCH_FAILED, "the launch could not be followed: " + cause, cause);
      case Launched.Executing executing -> throw new IllegalArgumentException("a success");
    };
  }

  /** This JVM can't even start the launch. */
  static SandboxException ofHost(SystemCallException e) {
    String remedy =
        Errno.EACCES.is(e.errno())
            ? "; programs in memory have to be allowed: sysctl -w vm.memfd_noexec=0"
            : "";
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED, "this JVM can't start a launch: " + e.getMessage() + remedy, e);
  }

  static SandboxException ofStep(CellSpec spec, Step.Call step, int errno) {
    String failed = "step '%s' failed: %s".formatted(step.name(), describe(step, errno));
    if (step.systemCall().equals("execve")
        && (Errno.ENOENT.is(errno) || Errno.EACCES.is(errno) || Errno.ENOTDIR.is(errno))) {
      return new StepFailedException(
          ErrorCode.PROGRAM_NOT_FOUND,
          failed
              + (Errno.EACCES.is(errno)
                  ? "; it may not be executed inside the cell"
                  : "; it, or the interpreter that it names, is not in the cell's view"),
          step,
          errno);
    }
    return tooSmall(spec, step, errno)
        .map(
            limit ->
                new StepFailedException(
                    ErrorCode.LIMIT_TOO_SMALL,
                    limit + " does not suffice to start (" + failed + ")",
                    step,
                    errno))
        .orElseGet(() -> new StepFailedException(ErrorCode.LAUNCH_FAILED, failed, step, errno));
  }

  /** The limit that an error comes from, and its value. */
  private static Optional<String> tooSmall(CellSpec spec, Step.Call step, int errno) {
    SandboxLimits limits = spec.limits();
    if (step.layer().equals("inputs") && Errno.ENOSPC.is(errno)) {
      return Optional.of(
          "disk.max of %d bytes and %d inodes"
              .formatted(limits.disk().bytes(), limits.disk().inodes()));
    }
    if (step.systemCall().equals("clone") && Errno.EAGAIN.is(errno)) {
      return Optional.of("pids.max of " + limits.pidsMax());
    }
    if (Errno.ENOMEM.is(errno)) {
      return Optional.of("memory.max of " + limits.memoryMax() + " bytes");
    }
    return Optional.empty();
  }

  private static SandboxException ofDeath(CellSpec spec, int waitStatus, QuotaCounters used) {
    if (used.memoryKills() > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "memory.max of %d bytes does not suffice to start: the kernel killed the launch"
              .formatted(spec.limits().memoryMax()));
    }
    if (used.tenant().memoryKills() > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "the tenant's sandboxes have all of its memory.max of %d bytes already: the kernel killed the launch"
              .formatted(spec.tenantLimits().memoryMax().orElse(0)));
    }
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED,
        "the launch was killed before it was through (wait status 0x%x)".formatted(waitStatus));
  }

  /** The error, and what to do about it where that is known. */
  static String describe(Step.Call step, int errno) {
    return Errno.nameOf(errno) + remedy(step, errno).map(text -> "; " + text).orElse("");
  }

  /** What to do about it, where that is known. */
  static Optional<String> remedy(Step.Call step, int errno) {
    return Optional.ofNullable(
        switch (step.systemCall()) {
          case "unshare" ->
              switch (Errno.nameOf(errno)) {
                case "EPERM" ->
                    "user namespaces are denied: sysctl -w kernel.unprivileged_userns_clone=1, or"
                        + " in a container a seccomp profile that allows unshare";
                case "ENOSPC", "EUSERS" ->
                    "too many namespaces: sysctl -w user.max_user_namespaces=65536";
                case "EINVAL" -> "the kernel is built without one of these namespaces";
                default -> null;
              };
          case "mount" ->
              step.name().equals("mount proc") && Errno.EPERM.is(errno)
                  ? "parts of the host's /proc are masked, as in a container: run it with an unmasked"
                      + " /proc (Docker: --security-opt systempaths=unconfined; Kubernetes:"
                      + " procMount: Unmasked)"
                  : denied(errno);
          case "openat", "write", "mount_setattr", "open_tree", "move_mount", "pivot_root" ->
              step.layer().equals("user-namespace") || step.layer().equals("new-root")
                  ? denied(errno)
                  : null;
          case "openat2" -> Errno.ELOOP.is(errno) ? "there is a symbolic link in this path" : null;
          default -> null;
        });
  }

  private static @Nullable String denied(int errno) {
    return Errno.EPERM.is(errno) || Errno.EACCES.is(errno)
        ? "unprivileged user namespaces have no power here: sysctl -w"
            + " kernel.apparmor_restrict_unprivileged_userns=0"
        : null;
  }
}
