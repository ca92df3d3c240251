package io.cordon.vm.kvm;

import static io.cordon.process.kernel.Errno.EACCES;
import static io.cordon.process.kernel.Errno.EBUSY;
import static io.cordon.process.kernel.Errno.EINVAL;
import static io.cordon.process.kernel.Errno.ENOENT;
import static io.cordon.process.kernel.Errno.ENOTTY;
import static io.cordon.process.kernel.Errno.EPERM;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Step;
import io.cordon.vm.kvm.GuestExit.InternalFailure;
import io.cordon.vm.kvm.GuestExit.Other;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final Path DEVICE = Path.of("/dev/kvm");
  private static final GuestExit WRITE = new PortAccess(true, 1, 0xf4);
  private static final End ENDED = new End.Ended(0);

  private final LaunchPlan plan = ProbePlan.of(DEVICE);
  private final Judge judge = new Judge(DEVICE, plan, Duration.ofMillis(700), List.of("kvm_amd"));

  @Test
  void fastGuestThatRanEveryRoundIsUsable() {
    assertThat(judge(ENDED, facts(), good(1, 90_000), good(2, 30_000), good(3, 50_000)))
        .isEqualTo(new Usable(1.5));
  }

  @Test
  void onePreemptionIsNotSlowness() {
    assertThat(judge(ENDED, facts(), good(1, 50_000_000), good(2, 2_000_000), good(3, 50_000_000)))
        .isEqualTo(new Usable(100));
  }

  @Test
  void interpretedGuestIsTooSlow() {
    assertThat(
            reason(ENDED, facts(), good(1, 22_000_000), good(2, 21_000_000), good(3, 21_000_000)))
        .isEqualTo(
            "/dev/kvm (kvm_amd): the guest is interpreted: 1050 ns an iteration, and more than 100"
                + " is not hardware");
  }

  @Test
  void internalErrorIsTold() {
    GuestExit exit = new InternalFailure(1, "f0 48");
    Round round = new Round(1, 22_470_000, exit, new Registers(0, 1, 0, 0x4019));
    assertThat(reason(ENDED, facts(), round))
        .isEqualTo(
            "/dev/kvm (kvm_amd): the guest ended with KVM_EXIT_INTERNAL_ERROR (17), suberror 1:"
                + " emulation failed at f0 48 in round 1 after 22.47 ms, at rip 0x4019 with rcx 0");
  }

  @Test
  void everyOtherExitIsUnexpected() {
    for (GuestExit exit :
        List.of(
            new Other(5),
            new Other(8),
            new PortAccess(false, 1, 0xf4),
            new PortAccess(true, 4, 0xf4),
            new PortAccess(true, 1, 0xf5))) {
      Round last = new Round(3, 20_000, exit, good(3, 0).registers());
      assertThat(reason(ENDED, facts(), good(1, 20_000), good(2, 20_000), last))
          .contains(exit.describe(), "round 3");
    }
  }

  @Test
  void guestThatComputesWronglyIsRefused() {
    for (Registers wrong :
        List.of(
            new Registers(0, 1, 0, 0x4023), // not exchanged
            new Registers(1, 2, 0, 0x4023), // not the value that was there
            new Registers(1, 1, 7, 0x4023))) { // the loop was left early
      assertThat(reason(ENDED, facts(), new Round(1, 20_000, WRITE, wrong)))
          .contains("computed wrongly");
    }
  }

  @Test
  void otherVersionIsRefusedWhateverFollows() {
    Facts facts = new Facts(11, facts().capabilities());
    assertThat(reason(ENDED, facts, good(1, 20_000), good(2, 20_000), good(3, 20_000)))
        .isEqualTo("/dev/kvm (kvm_amd): API version 11, not 12");
  }

  @Test
  void missingCapabilitiesAreNamed() {
    Map<KvmCapability, Integer> some = new EnumMap<>(facts().capabilities());
    some.put(KvmCapability.KVM_CAP_IRQFD, 0);
    some.put(KvmCapability.KVM_CAP_USER_MEMORY, 0);
    assertThat(reason(ENDED, new Facts(12, some), failed("KVM_CREATE_VM", EINVAL)))
        .isEqualTo("/dev/kvm (kvm_amd): it lacks KVM_CAP_USER_MEMORY, KVM_CAP_IRQFD");
  }

  @Test
  void errorsOfOpeningHaveTheirRemedies() {
    assertThat(refused(failed("open /dev/kvm", ENOENT)).remedy()).contains("load kvm_intel");
    assertThat(refused(failed("open /dev/kvm", EACCES)).remedy()).contains("usermod -aG kvm");
    assertThat(refused(failed("open /dev/kvm", EPERM)).remedy()).contains("--device /dev/kvm");
    assertThat(refused(failed("open /dev/kvm", EPERM)).reason())
        .isEqualTo("/dev/kvm (kvm_amd): EPERM");
  }

  @Test
  void whatKnowsNoKvmIsNotKvm() {
    assertThat(refused(failed("KVM_GET_API_VERSION", ENOTTY)).reason())
        .isEqualTo("/dev/kvm is not KVM: KVM_GET_API_VERSION: ENOTTY");
  }

  @Test
  void otherHypervisorHoldsTheProcessor() {
    Unusable refused = refused(facts(), failed("KVM_CREATE_VM", EBUSY));
    assertThat(refused.reason()).endsWith("KVM_CREATE_VM: EBUSY");
    assertThat(refused.remedy()).contains("VirtualBox");
  }

  @Test
  void everyFailedStepIsNamed() {
    assertThat(reason(new End.Ended(125 << 8), facts(), failed("KVM_SET_SREGS", EINVAL)))
        .isEqualTo("/dev/kvm (kvm_amd): KVM_SET_SREGS: EINVAL");
  }

  @Test
  void probeThatHadToBeKilledIsNoProof() {
    assertThat(reason(new End.Killed(), facts(), good(1, 20_000)))
        .contains("had run 1 of 3 times", "700 ms");
    assertThat(reason(new End.Killed(), facts(), good(1, 9), good(2, 9), good(3, 9)))
        .contains("3 of 3");
    assertThat(reason(new End.Unkillable())).contains("hangs in the kernel");
  }

  @Test
  void probeThatDiedIsNoProof() {
    assertThat(reason(ENDED, facts(), good(1, 9), good(2, 9))).contains("ended before");
    assertThat(reason(new End.Ended(9), facts())).contains("wait status 0x9");
    assertThat(reason(new End.Ended(9), facts(), good(1, 9), good(2, 9), good(3, 9)))
        .contains("wait status 0x9");
  }

  @Test
  void probeThatCouldNotBeStartedSaysWhy() {
    assertThat(judge(new End.NotStarted("posix_spawn: EACCES")))
        .isEqualTo(
            new Unusable(
                "the probe can't be started: posix_spawn: EACCES",
                "programs in memory have to be allowed: sysctl -w vm.memfd_noexec=0"));
  }

  private KvmVerdict judge(End end, ProbeReport... reports) {
    return judge.judge(new Observation(List.of(reports), end));
  }

  private Unusable refused(ProbeReport... reports) {
    return (Unusable) judge(new End.Ended(125 << 8), reports);
  }

  private String reason(End end, ProbeReport... reports) {
    return ((Unusable) judge(end, reports)).reason();
  }

  private static Facts facts() {
    Map<KvmCapability, Integer> all = new EnumMap<>(KvmCapability.class);
    for (KvmCapability each : KvmCapability.values()) {
      all.put(each, 1);
    }
    return new Facts(12, all);
  }

  private static Round good(int number, long nanos) {
    return new Round(number, nanos, WRITE, new Registers(1, number, 0, 0x4023));
  }

  private Failed failed(String name, Errno errno) {
    for (int i = 0; i < plan.steps().size(); i++) {
      if (plan.steps().get(i) instanceof Step.Call call && call.name().equals(name)) {
        return new Failed(i, (int) errno.value());
      }
    }
    throw new IllegalArgumentException(name);
  }
}
