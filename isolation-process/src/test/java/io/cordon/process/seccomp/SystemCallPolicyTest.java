package io.cordon.process.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.SystemCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemCallPolicyTest {
  private final SystemCallPolicy policy = new SystemCallPolicy();

  @Test
  void everyNameIsASystemCall() {
    SystemCalls calls = SystemCalls.of("x86_64");
    for (SystemCallGroup group : policy.groups()) {
      assertThat(calls.names()).as(group.name()).containsAll(group.actions().keySet());
    }
  }

  @Test
  void everyGroupSaysWhy() {
    assertThat(policy.groups())
        .allSatisfy(group -> assertThat(group.reason()).hasSizeGreaterThan(10).endsWith("."));
  }

  @ParameterizedTest
  @EnumSource
  void noCallIsInTwoGroupsOfAProfile(Profile profile) {
    assertThat(policy.actions(profile)).isNotEmpty(); // throws if one is
  }

  /** What makes kernel attack surface, gives power over others, or tells about the host. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "move_mount",
        "open_tree",
        "fsopen",
        "fsmount",
        "fsconfig",
        "fspick",
        "mount_setattr",
        "unshare",
        "setns",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "kcmp",
        "pidfd_getfd",
        "kexec_load",
        "kexec_file_load",
        "init_module",
        "finit_module",
        "delete_module",
        "bpf",
        "perf_event_open",
        "keyctl",
        "add_key",
        "request_key",
        "userfaultfd",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "open_by_handle_at",
        "name_to_handle_at",
        "reboot",
        "swapon",
        "swapoff",
        "quotactl",
        "acct",
        "settimeofday",
        "clock_settime",
        "clock_adjtime",
        "adjtimex",
        "syslog",
        "sethostname",
        "setdomainname",
        "fanotify_init",
        "vhangup",
        "iopl",
        "ioperm",
        "modify_ldt",
        "memfd_secret",
        "move_pages",
        "migrate_pages",
        "uselib",
        "shmget",
        "semget",
        "msgget",
        "mq_open",
        "setuid",
        "setgid",
        "setresuid",
        "setgroups",
        "capset",
        "sched_setattr",
        "sched_setparam",
        "ioprio_set",
        "vmsplice",
        "sync",
        "syncfs",
        "seccomp",
        "clone3",
        "landlock_restrict_self"
      })
  void noProfileAllows(String call) {
    for (Profile profile : Profile.values()) {
      Action action = policy.actions(profile).getOrDefault(call, new Action.Fail(Errno.EPERM));
      assertThat(action).isInstanceOf(Action.Fail.class);
    }
  }
}
