package io.cordon.process.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.SystemCalls;
import io.cordon.process.plan.Architecture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeccompFilterTest {
  private static final int ALLOWED = Bpf.RET_ALLOW;
  private static final int KILLED = Bpf.RET_KILL_PROCESS;
  private static final int EPERM = Bpf.errno(Errno.EPERM);
  private static final int ENOSYS = Bpf.errno(Errno.ENOSYS);
  private static final int X86_64 = 0xC000003E;
  private static final int I386 = 0x40000003;
  private static final int AARCH64 = 0xC00000B7;

  private final Architecture architecture = Architecture.of("amd64").orElseThrow();
  private final SystemCalls calls = architecture.systemCalls();

  private BpfMachine filter(Profile profile) {
    return new BpfMachine(new SeccompFilter(profile, architecture).program());
  }

  private int of(Profile profile, String call, long... arguments) {
    return filter(profile).run(X86_64, calls.number(call), arguments);
  }

  /** The filter against the table it was made of, for every call and many arguments. */
  @ParameterizedTest
  @EnumSource
  void doesWhatTheTableSays(Profile profile) {
    BpfMachine filter = filter(profile);
    Map<Integer, Action> table = new HashMap<>();
    new SystemCallPolicy()
        .actions(profile)
        .forEach((name, action) -> table.put(calls.number(name), action));
    for (int number = 0; number <= calls.highest(); number++) {
      Action action = table.getOrDefault(number, new Action.Fail(Errno.EPERM));
      for (long[] arguments : arguments(action)) {
        assertThat(filter.run(X86_64, number, arguments))
            .as("call %d with %s", number, arguments)
            .isEqualTo(expected(action, arguments));
        assertThat(filter.steps()).as("instructions").isLessThan(50);
      }
    }
  }

  private static int expected(Action action, long[] arguments) {
    return switch (action) {
      case Action.Fail(Errno errno) -> Bpf.errno(errno);
      case Action.Kill() -> KILLED;
      case Action.Allow(List<Check> checks) ->
          checks.stream().allMatch(check -> holds(check, (int) arguments[check.argument()]))
              ? ALLOWED
              : EPERM;
    };
  }

  private static boolean holds(Check check, int value) {
    return switch (check) {
      case Check.OneOf(int argument, int mask, List<Integer> values) ->
          values.contains(value & mask);
      case Check.Without(int argument, int bits) -> (value & bits) == 0;
      case Check.With(int argument, int bits) -> (value & bits) == bits;
    };
  }

  /** Every value that a check names, its neighbours, single bits, and random words. */
  private static List<long[]> arguments(Action action) {
    List<Long> values = new ArrayList<>(List.of(0L, 1L, -1L, 0xffff_ffffL, 0x1_0000_0000L));
    for (int bit = 0; bit < 64; bit++) {
      values.add(1L << bit);
    }
    if (action instanceof Action.Allow(List<Check> checks)) {
      for (Check check : checks) {
        switch (check) {
          case Check.OneOf(int argument, int mask, List<Integer> named) ->
              named.forEach(
                  value -> {
                    values.add((long) value);
                    values.add(value + 1L);
                    values.add(value - 1L);
                    values.add(value | 0x7_0000_0000L);
                  });
          case Check.Without(int argument, int bits) -> values.add((long) ~bits);
          case Check.With(int argument, int bits) -> values.add((long) bits);
        }
      }
    }
    List<long[]> arguments = new ArrayList<>();
    Random random = new Random(1);
    for (long first : values) {
      for (int i = 0; i < 4; i++) {
        long[] six = new long[6];
        six[0] = first;
        for (int j = 1; j < 6; j++) {
          six[j] = values.get(random.nextInt(values.size()));
        }
        arguments.add(six);
        arguments.add(new long[] {six[1], first, six[2], six[3], six[4], six[5]});
        arguments.add(new long[] {six[1], six[2], first, six[3], six[4], six[5]});
      }
    }
    return arguments;
  }

  @ParameterizedTest
  @EnumSource
  void foreignArchitectureIsKilled(Profile profile) {
    for (int foreign : new int[] {I386, AARCH64, 0}) {
      assertThat(filter(profile).run(foreign, calls.number("read"))).isEqualTo(KILLED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void x32IsKilled(Profile profile) {
    for (int number = 0; number <= 600; number++) {
      assertThat(filter(profile).run(X86_64, number | 0x4000_0000)).isEqualTo(KILLED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void newerThanTheTableIsNotImplemented(Profile profile) {
    for (int number : new int[] {calls.highest() + 1, 1000, 0x3fff_ffff, -1}) {
      assertThat(filter(profile).run(X86_64, number)).isEqualTo(ENOSYS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noNewNamespaces(Profile profile) {
    long thread = 0x10000;
    for (long namespace :
        new long[] {
          0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
        }) {
      assertThat(of(profile, "clone", namespace | thread)).isEqualTo(EPERM);
    }
    assertThat(of(profile, "unshare", 0x10000000)).isEqualTo(EPERM);
    assertThat(of(profile, "clone3", 0)).isEqualTo(ENOSYS);
  }

  @Test
  void jvmStartsThreadsOnly() {
    assertThat(of(Profile.JVM, "clone", 0x3d0f00)).as("pthread_create").isEqualTo(ALLOWED);
    assertThat(of(Profile.JVM, "clone", 17)).as("fork").isEqualTo(EPERM);
    assertThat(of(Profile.JVM, "clone", 0x4111)).as("vfork").isEqualTo(EPERM);
    assertThat(of(Profile.JVM, "fork")).isEqualTo(EPERM);
    assertThat(of(Profile.COMMAND, "clone", 17)).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @EnumSource
  void deathSignalAndDumpabilityStayAsTheyAre(Profile profile) {
    assertThat(of(profile, "prctl", 1, 0)).as("PR_SET_PDEATHSIG").isEqualTo(EPERM);
    assertThat(of(profile, "prctl", 0x7_0000_0001L, 0)).as("the same").isEqualTo(EPERM);
    assertThat(of(profile, "prctl", 4, 0)).as("PR_SET_DUMPABLE").isEqualTo(EPERM);
    assertThat(of(profile, "prctl", 22, 2)).as("PR_SET_SECCOMP").isEqualTo(EPERM);
    assertThat(of(profile, "prctl", 15)).as("PR_SET_NAME").isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @EnumSource(names = {"JVM", "COMMAND"})
  void oddSocketsAreDenied(Profile profile) {
    assertThat(of(profile, "socket", 1, 1, 0)).as("AF_UNIX").isEqualTo(ALLOWED);
    assertThat(of(profile, "socket", 2, 1 | 0x80000, 6)).as("TCP").isEqualTo(ALLOWED);
    assertThat(of(profile, "socket", 10, 2, 17)).as("UDP").isEqualTo(ALLOWED);
    assertThat(of(profile, "socket", 2, 3, 1)).as("SOCK_RAW").isEqualTo(EPERM);
    assertThat(of(profile, "socket", 2, 1, 132)).as("SCTP").isEqualTo(EPERM);
    for (int family : new int[] {15, 16, 17, 21, 31, 38, 40, 44}) {
      assertThat(of(profile, "socket", family, 3, 0)).as("family %d", family).isEqualTo(EPERM);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JVM", "COMMAND"})
  void nothingIsTypedIntoTerminals(Profile profile) {
    assertThat(of(profile, "ioctl", 0, 0x5412)).as("TIOCSTI").isEqualTo(EPERM);
    assertThat(of(profile, "ioctl", 0, 0x541c)).as("TIOCLINUX").isEqualTo(EPERM);
    assertThat(of(profile, "ioctl", 0, 0x1_0000_5412L)).as("TIOCSTI").isEqualTo(EPERM);
    assertThat(of(profile, "ioctl", 0, 0x5401)).as("TCGETS").isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @EnumSource(names = {"JVM", "COMMAND"})
  void personalityStaysPlain(Profile profile) {
    assertThat(of(profile, "personality", 0xffff_ffffL)).isEqualTo(ALLOWED);
    assertThat(of(profile, "personality", 0x400000)).as("READ_IMPLIES_EXEC").isEqualTo(EPERM);
    assertThat(of(profile, "personality", 0x40000)).as("ADDR_NO_RANDOMIZE").isEqualTo(EPERM);
  }

  /** What {@code qemu -sandbox on} with all its options denies: qemu-seccomp.c. */
  @ParameterizedTest
  @EnumSource(names = {"VMM", "KVM_VMM"})
  void monitorsOwnFilterWouldDenyNothingMore(Profile monitor) {
    for (String call :
        ("reboot swapon swapoff syslog mount umount2 kexec_load afs_syscall getpmsg putpmsg"
                + " security tuxcall vserver _sysctl create_module get_kernel_syms query_module"
                + " uselib ustat sysfs setuid setgid setpgid setsid setreuid setregid setresuid"
                + " setresgid setfsuid setfsgid fork vfork setpriority sched_setparam"
                + " sched_getparam sched_setscheduler sched_getscheduler sched_setaffinity"
                + " sched_get_priority_max sched_get_priority_min")
            .split(" ", -1)) {
      assertThat(of(monitor, call)).as(call).isEqualTo(EPERM);
    }
    assertThat(of(monitor, "clone", 17)).as("fork").isEqualTo(EPERM);
    assertThat(of(monitor, "clone", 0x4111)).as("vfork").isEqualTo(EPERM);
    assertThat(of(monitor, "clone", 0x3d0f00)).as("pthread_create").isEqualTo(ALLOWED);
  }

  @Test
  void monitorsMakeNoSocketsAndControlNoDeviceButKvm() {
    for (String call : List.of("socket", "socketpair", "bind", "connect", "listen", "accept4")) {
      assertThat(of(Profile.KVM_VMM, call, 1, 1, 0)).as(call).isEqualTo(EPERM);
    }
    assertThat(of(Profile.VMM, "ioctl", 9, 0xae80)).as("KVM_RUN").isEqualTo(EPERM);
    assertThat(of(Profile.KVM_VMM, "ioctl", 9, 0xae80)).as("KVM_RUN").isEqualTo(ALLOWED);
    assertThat(of(Profile.KVM_VMM, "ioctl", 9, 0x4020ae46)).as("a size").isEqualTo(ALLOWED);
    assertThat(of(Profile.KVM_VMM, "ioctl", 0, 0x5412)).as("TIOCSTI").isEqualTo(EPERM);
  }

  @Test
  void limitsAreOnesOwn() {
    assertThat(of(Profile.COMMAND, "prlimit64", 0, 7)).isEqualTo(ALLOWED);
    assertThat(of(Profile.COMMAND, "prlimit64", 1, 7)).as("of init").isEqualTo(EPERM);
  }

  @Test
  void noDeviceNodes() {
    assertThat(of(Profile.COMMAND, "mknodat", -100, 0, 0x11a4)).as("fifo").isEqualTo(ALLOWED);
    assertThat(of(Profile.COMMAND, "mknodat", -100, 0, 0x61a4)).as("disk").isEqualTo(EPERM);
    assertThat(of(Profile.COMMAND, "mknod", 0, 0x21a4)).as("terminal").isEqualTo(EPERM);
  }

  @Test
  void noRealTime() {
    assertThat(of(Profile.COMMAND, "sched_setscheduler", 0, 0)).isEqualTo(ALLOWED);
    assertThat(of(Profile.COMMAND, "sched_setscheduler", 0, 1)).as("FIFO").isEqualTo(EPERM);
    assertThat(of(Profile.COMMAND, "sched_setscheduler", 0, 2)).as("RR").isEqualTo(EPERM);
  }
}
