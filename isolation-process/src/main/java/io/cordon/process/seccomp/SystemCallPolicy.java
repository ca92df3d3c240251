package io.cordon.process.seccomp;

import static io.cordon.process.kernel.CloneFlag.CLONE_NEWCGROUP;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWIPC;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNET;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNS;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWPID;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUSER;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUTS;
import static io.cordon.process.kernel.CloneFlag.CLONE_THREAD;
import static io.cordon.process.kernel.PrctlOption.PR_CAPBSET_READ;
import static io.cordon.process.kernel.PrctlOption.PR_GET_DUMPABLE;
import static io.cordon.process.kernel.PrctlOption.PR_GET_KEEPCAPS;
import static io.cordon.process.kernel.PrctlOption.PR_GET_NAME;
import static io.cordon.process.kernel.PrctlOption.PR_GET_NO_NEW_PRIVS;
import static io.cordon.process.kernel.PrctlOption.PR_GET_PDEATHSIG;
import static io.cordon.process.kernel.PrctlOption.PR_GET_SECCOMP;
import static io.cordon.process.kernel.PrctlOption.PR_GET_SECUREBITS;
import static io.cordon.process.kernel.PrctlOption.PR_GET_THP_DISABLE;
import static io.cordon.process.kernel.PrctlOption.PR_GET_TIMERSLACK;
import static io.cordon.process.kernel.PrctlOption.PR_SET_NAME;
import static io.cordon.process.kernel.PrctlOption.PR_SET_NO_NEW_PRIVS;
import static io.cordon.process.kernel.PrctlOption.PR_SET_TIMERSLACK;
import static io.cordon.process.kernel.PrctlOption.PR_SET_VMA;
import static io.cordon.process.kernel.SocketFlag.AF_INET;
import static io.cordon.process.kernel.SocketFlag.AF_INET6;
import static io.cordon.process.kernel.SocketFlag.AF_UNIX;
import static io.cordon.process.seccomp.Check.masked;
import static io.cordon.process.seccomp.Check.oneOf;
import static io.cordon.process.seccomp.Check.with;
import static io.cordon.process.seccomp.Check.without;
import static io.cordon.process.seccomp.Profile.COMMAND;
import static io.cordon.process.seccomp.Profile.JVM;
import static io.cordon.process.seccomp.Profile.KVM_VMM;
import static io.cordon.process.seccomp.Profile.VMM;

import io.cordon.process.kernel.Errno;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * Which system calls each profile allows, and why. What no group names fails with EPERM; what is
 * newer than our table fails with ENOSYS, so that libraries fall back to what they used before.
 */
final class SystemCallPolicy {
  private static final Set<Profile> MONITORS = Set.of(VMM, KVM_VMM);

  private final List<SystemCallGroup> groups = new ArrayList<>();

  SystemCallPolicy() {
    allow(
        "files",
        "Files, directories and descriptors; mounts and landlock say which.",
        "read write close lseek pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 open"
            + " openat openat2 creat stat lstat fstat newfstatat statx access faccessat faccessat2"
            + " readlink readlinkat getdents getdents64 getcwd chdir fchdir dup dup2 dup3 fcntl"
            + " flock fsync fdatasync truncate ftruncate fallocate fadvise64 readahead rename"
            + " renameat renameat2 mkdir mkdirat rmdir unlink unlinkat link linkat symlink symlinkat"
            + " chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat umask utime utimes"
            + " utimensat futimesat statfs fstatfs sendfile copy_file_range close_range getxattr"
            + " lgetxattr fgetxattr listxattr llistxattr flistxattr");
    allow(
        "memory",
        "A process's own memory; locking it is limited to nothing by RLIMIT_MEMLOCK.",
        "brk mmap munmap mprotect mremap madvise mincore msync mlock mlock2 munlock mlockall"
            + " munlockall membarrier mseal");
    allow(
        Set.of(JVM),
        "jvm memory",
        "ZGC's heap is a file in memory; the garbage collectors ask for the NUMA policy.",
        "memfd_create get_mempolicy");
    allow(
        "threads",
        "Locks between threads, and where they run.",
        "futex set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity"
            + " sched_setaffinity gettid exit exit_group restart_syscall getcpu");
    check(
        Set.of(JVM),
        "jvm threads",
        "Threads alone: a plugin starts no processes.",
        "clone",
        with(0, CLONE_THREAD),
        noNamespaces());
    check(
        Set.of(COMMAND),
        "new processes",
        "Threads and processes, but no namespaces: those are the largest part of the kernel that a"
            + " plain user can reach (CVE-2022-0185, CVE-2023-32233).",
        "clone",
        noNamespaces());
    allow(
        "processes",
        "Executing the program itself; which ones, landlock says. Signals reach the cell alone.",
        "execve kill tkill tgkill getpid getppid");
    allow(
        Set.of(COMMAND),
        "process groups",
        "Starting programs and waiting for them; shells and job control.",
        "fork vfork wait4 waitid getpgid getpgrp setpgid getsid setsid");
    allow(
        "signals",
        "Handling and waiting for signals.",
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait"
            + " rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack signalfd signalfd4 pause");
    allow(
        "time",
        "Reading clocks and waiting; setting a clock needs calls that are not here.",
        "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getitimer"
            + " setitimer alarm timer_create timer_settime timer_gettime timer_getoverrun"
            + " timer_delete timerfd_create timerfd_settime timerfd_gettime");
    allow(
        "identity",
        "Asking who one is, what one may use and what one has used.",
        "getuid geteuid getgid getegid getresuid getresgid getgroups capget uname sysinfo getrusage"
            + " getrlimit setrlimit getpriority setpriority ioprio_get sched_getscheduler"
            + " sched_getparam sched_getattr sched_get_priority_max sched_get_priority_min"
            + " sched_rr_get_interval");
    check(
        Set.of(JVM, COMMAND),
        "own limits",
        "A process's own limits; those of init, which has the same user, are not its business.",
        "prlimit64",
        oneOf(0, 0));
    check(
        Set.of(COMMAND),
        "scheduling",
        "SCHED_OTHER, SCHED_BATCH, SCHED_IDLE: never a real-time class.",
        "sched_setscheduler",
        oneOf(1, 0, 3, 5));
    allow("random", "Random numbers.", "getrandom");
    allow(
        "waiting",
        "Pipes, and waiting for several descriptors at once.",
        "pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait"
            + " epoll_pwait epoll_pwait2 eventfd eventfd2 inotify_init inotify_init1"
            + " inotify_add_watch inotify_rm_watch");
    allow(Set.of(COMMAND), "pipes", "Moving data between pipes.", "splice tee");
    check(
        Set.of(COMMAND),
        "special files",
        "Fifos and sockets, never devices.",
        "mknod",
        masked(1, 0xf000, 0, 0x8000, 0x1000, 0xc000));
    check(
        Set.of(COMMAND),
        "special files at",
        "The same, relative to a directory.",
        "mknodat",
        masked(2, 0xf000, 0, 0x8000, 0x1000, 0xc000));
    check(
        Set.of(JVM, COMMAND),
        "new sockets",
        "Local sockets; and IPv4 and IPv6, which find an empty network and so fail with the error"
            + " that programs know. No other family, and no protocol that loads a module.",
        "socket",
        oneOf(0, AF_UNIX, AF_INET, AF_INET6),
        masked(1, 0xf, 1, 2, 5), // SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
        oneOf(2, 0, 1, 6, 17, 58)); // none, ICMP, TCP, UDP, ICMPv6: linux/in.h
    check(Set.of(JVM, COMMAND), "socket pairs", "Local ones.", "socketpair", oneOf(0, AF_UNIX));
    allow(
        "sockets",
        "Using sockets.",
        "bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt sendto"
            + " recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown");
    check(
        Set.of(JVM, COMMAND),
        "prctl",
        "Names of threads and mappings, and asking. Not PR_SET_PDEATHSIG: who clears it survives"
            + " the host. Not PR_SET_DUMPABLE: it hides a process from the host's accounting.",
        "prctl",
        oneOf(
            0,
            PR_SET_NAME,
            PR_GET_NAME,
            PR_GET_PDEATHSIG,
            PR_GET_DUMPABLE,
            PR_GET_KEEPCAPS,
            PR_GET_SECCOMP,
            PR_CAPBSET_READ,
            PR_GET_SECUREBITS,
            PR_SET_TIMERSLACK,
            PR_GET_TIMERSLACK,
            PR_SET_NO_NEW_PRIVS,
            PR_GET_NO_NEW_PRIVS,
            PR_GET_THP_DISABLE,
            PR_SET_VMA));
    check(
        Set.of(JVM, COMMAND),
        "thread pointer",
        "ARCH_SET_GS, ARCH_SET_FS, ARCH_GET_FS, ARCH_GET_GS of asm/prctl.h.",
        "arch_prctl",
        oneOf(0, 0x1001, 0x1002, 0x1003, 0x1004));
    check(
        Set.of(JVM, COMMAND),
        "ioctl",
        "What asm-generic/ioctls.h, linux/fs.h and linux/sockios.h have for plain files, pipes and"
            + " sockets. Not TIOCSTI and TIOCLINUX, which type into a terminal (CVE-2017-5226).",
        "ioctl",
        oneOf(
            1,
            0x5401, // TCGETS, by which isatty asks
            0x5402, // TCSETS
            0x5403, // TCSETSW
            0x540f, // TIOCGPGRP
            0x5413, // TIOCGWINSZ
            0x541b, // FIONREAD
            0x5421, // FIONBIO
            0x5450, // FIONCLEX
            0x5451, // FIOCLEX
            0x5452, // FIOASYNC
            0x5460, // FIOQSIZE
            0x80086601, // FS_IOC_GETFLAGS
            0x8912, // SIOCGIFCONF
            0x8913, // SIOCGIFFLAGS
            0x8915, // SIOCGIFADDR
            0x8919, // SIOCGIFBRDADDR
            0x891b, // SIOCGIFNETMASK
            0x8921, // SIOCGIFMTU
            0x8927, // SIOCGIFHWADDR
            0x8933, // SIOCGIFINDEX
            0x8910)); // SIOCGIFNAME
    check(
        Set.of(JVM, COMMAND),
        "personality",
        "Asking for it, and the plain one: READ_IMPLIES_EXEC and no-ASLR help exploits.",
        "personality",
        oneOf(0, 0, 0xffffffffL));
    absent(
        Set.of(JVM, COMMAND),
        "probed features",
        "Libraries try these and fall back if the kernel hasn't them; an EPERM would confuse them."
            + " clone3 hides its flags behind a pointer, where no filter sees them; io_uring makes"
            + " system calls that no filter sees; userfaultfd and perf are exploit tools.",
        "clone3 io_uring_setup io_uring_enter io_uring_register userfaultfd perf_event_open seccomp"
            + " landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret"
            + " pidfd_open pidfd_getfd pidfd_send_signal execveat futex_waitv futex_wake futex_wait"
            + " futex_requeue map_shadow_stack cachestat statmount listmount lsm_get_self_attr"
            + " lsm_set_self_attr lsm_list_modules setxattrat getxattrat listxattrat removexattrat"
            + " open_tree_attr file_getattr file_setattr pkey_alloc pkey_free pkey_mprotect"
            + " process_madvise process_mrelease mbind set_mempolicy set_mempolicy_home_node"
            + " migrate_pages move_pages name_to_handle_at fanotify_init fanotify_mark uretprobe");
    absent(
        Set.of(COMMAND),
        "files in memory",
        "They are outside disk.max, and programs fall back to /tmp.",
        "memfd_create");
    absent(Set.of(COMMAND), "numa", "Programs do without.", "get_mempolicy");
    monitors();
  }

  /**
   * What QEMU 7.2 was seen to call, as it starts, runs a guest, is saved and is restored; without
   * what it does without. Its own filter (-sandbox) is not put on top: that is a list of what is
   * denied, all of it denied here, and to install it would take seccomp(2).
   */
  private void monitors() {
    allow(
        MONITORS,
        "monitor's files",
        "Reading images and firmware; the view says which. Nothing is made, renamed or removed.",
        "read write close lseek pread64 pwrite64 readv writev preadv pwritev open openat stat lstat"
            + " fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents"
            + " getdents64 getcwd chdir fchdir dup dup2 dup3 fcntl fdatasync fsync fadvise64 statfs fstatfs");
    allow(
        MONITORS,
        "monitor's memory",
        "The guest's memory and translated code.",
        "brk mmap munmap mprotect mremap madvise membarrier");
    allow(
        MONITORS,
        "monitor's threads",
        "Locks between its threads, and their ends.",
        "futex set_robust_list set_tid_address rseq sched_yield sched_getaffinity gettid getpid"
            + " getcpu exit exit_group restart_syscall tgkill");
    check(
        MONITORS,
        "monitor's new threads",
        "Threads alone: it starts no processes.",
        "clone",
        with(0, CLONE_THREAD),
        noNamespaces());
    allow(MONITORS, "monitor's program", "Executing it; landlock allows no other.", "execve");
    allow(
        MONITORS,
        "monitor's signals",
        "Between its threads.",
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigpending sigaltstack"
            + " signalfd4");
    allow(
        MONITORS,
        "monitor's clocks",
        "Reading clocks and waiting; what a guest's timers are made of.",
        "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time");
    allow(
        MONITORS,
        "monitor's waiting",
        "For descriptors.",
        "poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2 pipe2");
    allow(
        MONITORS,
        "monitor's connections",
        "Those that it is given. It makes none, and listens nowhere.",
        "sendto recvfrom sendmsg recvmsg getsockopt setsockopt getsockname getpeername shutdown");
    allow(
        MONITORS,
        "monitor's identity",
        "Asking who it is, and on what.",
        "getuid geteuid getgid getegid uname sysinfo getrusage getrlimit getrandom");
    check(
        MONITORS, "monitor's limits", "Its own, and not those of init.", "prlimit64", oneOf(0, 0));
    check(
        MONITORS,
        "monitor's prctl",
        "Names of threads, and exact timers.",
        "prctl",
        oneOf(
            0,
            PR_SET_NAME,
            PR_GET_NAME,
            PR_SET_TIMERSLACK,
            PR_SET_NO_NEW_PRIVS,
            PR_GET_NO_NEW_PRIVS,
            PR_SET_VMA));
    check(
        MONITORS,
        "monitor's thread pointer",
        "ARCH_SET_FS and ARCH_GET_FS of asm/prctl.h.",
        "arch_prctl",
        oneOf(0, 0x1002, 0x1003));
    check(
        Set.of(KVM_VMM),
        "kvm",
        "Those of linux/kvm.h, whose type is KVMIO; only /dev/kvm and what came of it has any.",
        "ioctl",
        masked(1, 0xff00, 0xae00));
    absent(
        MONITORS,
        "monitor's probes",
        "What it tries and does without: io_uring makes system calls that no filter sees, and clone3"
            + " hides its flags behind a pointer.",
        "clone3 io_uring_setup io_uring_enter io_uring_register memfd_create memfd_secret seccomp"
            + " userfaultfd get_mempolicy set_mempolicy mbind pidfd_open futex_waitv");
  }

  private static Check noNamespaces() {
    return without(
        0,
        CLONE_NEWNS,
        CLONE_NEWCGROUP,
        CLONE_NEWUTS,
        CLONE_NEWIPC,
        CLONE_NEWUSER,
        CLONE_NEWPID,
        CLONE_NEWNET);
  }

  private void allow(String name, String reason, String calls) {
    allow(Set.of(JVM, COMMAND), name, reason, calls);
  }

  private void allow(Set<Profile> profiles, String name, String reason, String calls) {
    group(profiles, name, reason, calls, new Action.Allow(List.of()));
  }

  private void check(
      Set<Profile> profiles, String name, String reason, String call, Check... checks) {
    group(profiles, name, reason, call, new Action.Allow(List.of(checks)));
  }

  private void absent(Set<Profile> profiles, String name, String reason, String calls) {
    group(profiles, name, reason, calls, new Action.Fail(Errno.ENOSYS));
  }

  private void group(
      Set<Profile> profiles, String name, String reason, String calls, Action action) {
    Map<String, Action> actions = new LinkedHashMap<>();
    for (var words = new StringTokenizer(calls); words.hasMoreTokens(); ) {
      actions.put(words.nextToken(), action);
    }
    groups.add(new SystemCallGroup(name, reason, EnumSet.copyOf(profiles), actions));
  }

  List<SystemCallGroup> groups() {
    return List.copyOf(groups);
  }

  /** What becomes of each system call that a group names. */
  Map<String, Action> actions(Profile profile) {
    Map<String, Action> actions = new HashMap<>();
    for (SystemCallGroup group : groups) {
      if (group.profiles().contains(profile)) {
        group
            .actions()
            .forEach(
                (call, action) -> {
                  if (actions.put(call, action) != null) {
                    throw new IllegalStateException(call + " is in two groups of " + profile);
                  }
                });
      }
    }
    return actions;
  }
}
