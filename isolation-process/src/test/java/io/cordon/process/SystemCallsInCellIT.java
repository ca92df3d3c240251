package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCalls;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seccomp and landlock by their effect. Python makes the calls. */
@ExtendWith(Cells.class)
@Timeout(120)
class SystemCallsInCellIT {
  private static final String CALL =
      """
      import ctypes, os, sys
      c = ctypes.CDLL(None, use_errno=True)
      r = c.syscall(*[ctypes.c_long(int(a, 0)) for a in sys.argv[1:]])
      print(r if r >= 0 else ctypes.get_errno())
      """;

  private final SystemCalls calls = SystemCalls.of("x86_64");

  @BeforeEach
  void needsPython() {
    assumeThat(Path.of("/usr/bin/python3")).as("python3 makes the system calls").exists();
  }

  @ParameterizedTest
  @CsvSource({
    "ptrace, 0", // PTRACE_TRACEME
    "unshare, 0x10000000", // CLONE_NEWUSER
    "setns, 0",
    "mount, 0",
    "pivot_root, 0",
    "chroot, 0",
    "open_by_handle_at, 0",
    "process_vm_writev, 2",
    "kcmp, 1",
    "bpf, 0",
    "keyctl, 0",
    "add_key, 0",
    "reboot, 0xfee1dead",
    "init_module, 0",
    "swapon, 0",
    "settimeofday, 0",
    "clock_settime, 0",
    "personality, 0x400000", // READ_IMPLIES_EXEC
    "prctl, 1", // PR_SET_PDEATHSIG
    "prctl, 4", // PR_SET_DUMPABLE
    "prctl, 22", // PR_SET_SECCOMP
    "socket, 16", // AF_NETLINK
    "socket, 17", // AF_PACKET
    "socket, 38", // AF_ALG
    "socket, 40", // AF_VSOCK
    "shmget, 0",
    "vmsplice, 0",
    "acct, 0",
    "syslog, 0",
    "sethostname, 0",
    "setuid, 0",
    "capset, 0",
    "iopl, 3",
    "modify_ldt, 0",
  })
  void isDenied(String name, String argument, IsolationStrategy strategy) {
    assertThat(call(strategy, calls.number(name), argument)).isEqualTo("1\n"); // EPERM
  }

  @ParameterizedTest
  @CsvSource({
    "io_uring_setup",
    "clone3",
    "userfaultfd",
    "perf_event_open",
    "memfd_secret",
    "memfd_create",
    "pidfd_open",
    "seccomp",
    "landlock_create_ruleset"
  })
  void isNotImplemented(String name, IsolationStrategy strategy) {
    assertThat(call(strategy, calls.number(name), "0")).isEqualTo("38\n"); // ENOSYS
  }

  @Test
  void newerThanOurTableIsNotImplemented(IsolationStrategy strategy) {
    assertThat(call(strategy, calls.highest() + 1, "0")).isEqualTo("38\n");
  }

  @Test
  void x32IsKilled(IsolationStrategy strategy) {
    String number = String.valueOf(0x4000_0000 | calls.number("getpid"));
    assertThat(CellRun.of(strategy, command("python3", "-c", CALL, number)).exit())
        .isEqualTo(new CellExit.Signaled(31)); // SIGSYS
  }

  @Test
  void ordinaryCallsWork(IsolationStrategy strategy) {
    assertThat(call(strategy, calls.number("getuid"), "0")).isEqualTo("1000\n");
  }

  @Test
  void networkFailsWithTheErrorThatProgramsKnow(IsolationStrategy strategy) {
    String connect =
        "import socket, errno\n"
            + "for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET, '1.1.1.1'),"
            + " (socket.AF_INET, '169.254.169.254')):\n"
            + "  try:\n"
            + "    socket.socket(family).connect((address, 80)); print('connected')\n"
            + "  except OSError as e: print(errno.errorcode[e.errno])\n";
    assertThat(CellRun.of(strategy, command("python3", "-c", connect)).out())
        .isEqualTo("ENETUNREACH\n".repeat(3));
  }

  @Test
  void scratchIsNeverExecuted(IsolationStrategy strategy) {
    String script =
        "for d in /work /tmp; do cp /bin/true $d/t; chmod 755 $d/t; $d/t; echo $?; done";
    assertThat(CellRun.of(strategy, CellRun.shell(script)).out()).isEqualTo("126\n126\n");
  }

  /** Mounts allow it, and so does the file's mode: landlock alone denies it. */
  @Test
  void procIsNotWritten(IsolationStrategy strategy) {
    assumeThat(landlock()).as("the kernel's landlock").isPositive();
    CellRun run = CellRun.of(strategy, CellRun.shell("echo 1000 > /proc/self/oom_score_adj"));
    assertThat(run.err()).contains("Permission denied");
  }

  private int landlock() {
    return Kernel.bind(calls).landlockAbi();
  }

  private static String call(IsolationStrategy strategy, int number, String argument) {
    CellRun run =
        CellRun.of(
            strategy, command("python3", "-c", CALL, String.valueOf(number), argument, "0", "0"));
    assertThat(run.err()).isEmpty();
    return run.out();
  }
}
