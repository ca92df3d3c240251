package io.cordon.process;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.Step;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a failed step means, and what to do about it. */
final class LaunchFailures {

  private LaunchFailures() {}

  static SandboxException of(CellSpec spec, Step.Call step, int errno) {
    String failed = "step '%s' failed: %s".formatted(step.name(), describe(step, errno));
    if (step.systemCall().equals("execve")
        && (Errno.ENOENT.is(errno) || Errno.EACCES.is(errno) || Errno.ENOTDIR.is(errno))) {
      return new SandboxException(
          ErrorCode.PROGRAM_NOT_FOUND,
          failed
              + (Errno.EACCES.is(errno)
                  ? ": it may not be executed inside the cell"
                  : ": it, or the interpreter that it names, is not in the cell's view"));
    }
    if (step.layer().equals("inputs") && Errno.ENOSPC.is(errno)) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "disk.max of %d bytes and %d inodes does not hold the input files (%s)"
              .formatted(spec.limits().disk().bytes(), spec.limits().disk().inodes(), failed));
    }
    if (step.systemCall().equals("clone") && Errno.EAGAIN.is(errno)) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "pids.max of %d does not suffice to start (%s)"
              .formatted(spec.limits().pidsMax(), failed));
    }
    if (Errno.ENOMEM.is(errno)) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "memory.max of %d bytes does not suffice to start (%s)"
              .formatted(spec.limits().memoryMax(), failed));
    }
    return new SandboxException(ErrorCode.LAUNCH_FAILED, failed);
  }

  /** When a process of the launch died without a word. */
  static SandboxException died(CellSpec spec, int launcherStatus, long memoryKills) {
    if (memoryKills > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "memory.max of %d bytes does not suffice to start: the kernel killed the launch"
              .formatted(spec.limits().memoryMax()));
    }
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED,
        "the launch was killed before it was through (wait status 0x%x)".formatted(launcherStatus));
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
