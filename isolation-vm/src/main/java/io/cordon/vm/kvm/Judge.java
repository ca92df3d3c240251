package io.cordon.vm.kvm;

import static io.cordon.process.kernel.Errno.EACCES;
import static io.cordon.process.kernel.Errno.EBUSY;
import static io.cordon.process.kernel.Errno.ENODEV;
import static io.cordon.process.kernel.Errno.ENOENT;
import static io.cordon.process.kernel.Errno.ENOTTY;
import static io.cordon.process.kernel.Errno.ENXIO;
import static io.cordon.process.kernel.Errno.EPERM;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Step;
import io.cordon.vm.kvm.GuestExit.PortAccess;
import io.cordon.vm.kvm.KvmVerdict.Unusable;
import io.cordon.vm.kvm.KvmVerdict.Usable;
import io.cordon.vm.kvm.Observation.End;
import io.cordon.vm.kvm.ProbeReport.Facts;
import io.cordon.vm.kvm.ProbeReport.Failed;
import io.cordon.vm.kvm.ProbeReport.Registers;
import io.cordon.vm.kvm.ProbeReport.Round;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes a verdict of what a probe told: any doubt is one too many. Immutable. */
final class Judge {
  /** KVM's version since 2007: {@code linux/kvm.h}. */
  static final int KVM_API_VERSION = 12;

  /**
   * The most that one turn of the loop may take. Hardware takes a nanosecond or less, even with a
   * hypervisor below; an interpreter takes a thousand.
   */
  static final double MOST_NANOS_PER_ITERATION = 100;

  private static final String ELSEWHERE =
      "use a host whose processor virtualises (in a virtual machine: nested virtualisation), or"
          + " permit emulation: isolation.vm.emulation: allow";

  private final Path device;
  private final LaunchPlan plan;
  private final Duration deadline;
  private final List<String> modules;

  /**
   * Creates a judge.
   *
   * @param plan what the probe was to do
   * @param deadline how long it had
   * @param modules which KVM the host's kernel has
   */
  Judge(Path device, LaunchPlan plan, Duration deadline, List<String> modules) {
    this.device = device;
    this.plan = plan;
    this.deadline = deadline;
    this.modules = List.copyOf(modules);
  }

  KvmVerdict judge(Observation observation) {
    for (ProbeReport report : observation.reports()) {
      Optional<Unusable> objection = objection(report);
      if (objection.isPresent()) {
        return objection.get();
      }
    }
    List<Round> rounds =
        observation.reports().stream()
            .filter(Round.class::isInstance)
            .map(Round.class::cast)
            .toList();
    return switch (observation.end()) {
      case End.Ended(int status) when status == 0 && rounds.size() == ProbePlan.ROUNDS ->
          ofFastest(rounds);
      case End.Ended(int status) ->
          unusable(
              "the probe ended before its guest had run %d times (wait status 0x%x)"
                  .formatted(ProbePlan.ROUNDS, status),
              ELSEWHERE);
      case End.Killed killed ->
          unusable(
              "the guest had run %d of %d times when the probe was killed at its deadline of %d ms"
                  .formatted(rounds.size(), ProbePlan.ROUNDS, deadline.toMillis()),
              ELSEWHERE);
      case End.Unkillable unkillable ->
          unusable(
              "the probe hangs in the kernel: killed at its deadline of %d ms, it does not die"
                  .formatted(deadline.toMillis()),
              "restart the host; " + ELSEWHERE);
      case End.NotStarted(String cause) ->
          new Unusable(
              "the probe can't be started: " + cause,
              cause.endsWith(EACCES.name())
                  ? "programs in memory have to be allowed: sysctl -w vm.memfd_noexec=0"
                  : "remove the cause");
    };
  }

  private Optional<Unusable> objection(ProbeReport report) {
    return switch (report) {
      case Failed(int step, int errno) -> Optional.of(failed(plan.call(step), errno));
      case Facts facts -> objection(facts);
      case Round round -> objection(round);
    };
  }

  private Unusable failed(Step.Call step, int errno) {
    if (step.systemCall().equals("openat")) {
      return new Unusable("%s: %s".formatted(known(), Errno.nameOf(errno)), openRemedy(errno));
    }
    String reason = step.name() + ": " + Errno.nameOf(errno);
    if (step.layer().equals(ProbePlan.DEVICE) && ENOTTY.is(errno)) {
      return new Unusable("%s is not KVM: %s".formatted(device, reason), "use /dev/kvm");
    }
    if (EBUSY.is(errno)) {
      return unusable(
          reason,
          "another hypervisor, such as VirtualBox or VMware, holds the processor's virtualisation:"
              + " end it");
    }
    return unusable(reason, ELSEWHERE);
  }

  private String openRemedy(int errno) {
    if (EACCES.is(errno)) {
      return "let this user open it: usermod -aG kvm USER, and log in again";
    }
    if (EPERM.is(errno)) {
      return "let this container's device cgroup pass it: Docker: --device /dev/kvm";
    }
    if (ENOENT.is(errno) || ENODEV.is(errno) || ENXIO.is(errno)) {
      return "switch virtualisation on in the firmware and load kvm_intel or kvm_amd; in a"
          + " container, pass the device in (Docker: --device /dev/kvm); else "
          + ELSEWHERE;
    }
    return ELSEWHERE;
  }

  private Optional<Unusable> objection(Facts facts) {
    if (facts.apiVersion() != KVM_API_VERSION) {
      String reason = "API version %d, not %d".formatted(facts.apiVersion(), KVM_API_VERSION);
      return Optional.of(unusable(reason, "use a kernel with the stable KVM interface"));
    }
    List<String> missing =
        facts.capabilities().entrySet().stream()
            .filter(each -> each.getValue() <= 0)
            .map(each -> each.getKey().name())
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(unusable("it lacks " + String.join(", ", missing), ELSEWHERE));
  }

  private Optional<Unusable> objection(Round round) {
    Registers registers = round.registers();
    String where =
        " in round %d after %.2f ms, at rip 0x%x with rcx %d"
            .formatted(round.number(), round.nanos() / 1e6, registers.rip(), registers.rcx());
    if (!round.exit().equals(new PortAccess(true, 1, Guest.PORT))) {
      return Optional.of(
          unusable("the guest ended with " + round.exit().describe() + where, ELSEWHERE));
    }
    if (registers.rcx() != 0
        || registers.rbx() != round.number()
        || (registers.rax() & 0xff) != 1) {
      String state =
          "the guest computed wrongly (rax 0x%x, rbx 0x%x)"
              .formatted(registers.rax(), registers.rbx());
      return Optional.of(unusable(state + where, ELSEWHERE));
    }
    return Optional.empty();
  }

  /** The fastest: the others may have been preempted. */
  private KvmVerdict ofFastest(List<Round> rounds) {
    long fastest = rounds.stream().mapToLong(Round::nanos).min().orElseThrow();
    double nanos = (double) fastest / Guest.ITERATIONS;
    if (nanos > MOST_NANOS_PER_ITERATION) {
      return unusable(
          "the guest is interpreted: %.0f ns an iteration, and more than %.0f is not hardware"
              .formatted(nanos, MOST_NANOS_PER_ITERATION),
          ELSEWHERE);
    }
    return new Usable(nanos);
  }

  private Unusable unusable(String reason, String remedy) {
    return new Unusable(known() + ": " + reason, remedy);
  }

  /** The device, and whose it is. */
  private String known() {
    return modules.isEmpty()
        ? device.toString()
        : "%s (%s)".formatted(device, String.join(", ", modules));
  }
}
