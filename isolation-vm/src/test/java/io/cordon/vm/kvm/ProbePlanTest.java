package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.plan.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProbePlanTest {

  @Test
  void readsAsTheInterfaceIsDocumented() {
    List<String> names =
        ProbePlan.of(Path.of("/dev/kvm")).steps().stream()
            .filter(Step.Call.class::isInstance)
            .map(step -> ((Step.Call) step).name())
            .toList();
    assertThat(names)
        .containsExactlyElementsOf(
            Stream.of(
                    Stream.of(
                        "die with the host",
                        "is the host alive?",
                        "be known to ps",
                        "close the streams",
                        "close inherited descriptors",
                        "open /dev/kvm",
                        "KVM_GET_API_VERSION"),
                    Stream.of(KvmCapability.values()).map(each -> "KVM_CHECK_EXTENSION"),
                    Stream.of(
                        "what KVM says of itself",
                        "KVM_CREATE_VM",
                        "KVM_SET_TSS_ADDR",
                        "map the guest's memory",
                        "KVM_SET_USER_MEMORY_REGION",
                        "KVM_CREATE_VCPU",
                        "KVM_GET_VCPU_MMAP_SIZE",
                        "map struct kvm_run",
                        "KVM_GET_SUPPORTED_CPUID",
                        "KVM_SET_CPUID2",
                        "KVM_SET_SREGS",
                        "KVM_SET_REGS"),
                    round(1),
                    round(2),
                    round(3),
                    Stream.of("the probe's end"))
                .flatMap(part -> part)
                .toList());
  }

  private static Stream<String> round(int number) {
    return Stream.of(
        "the time before",
        "KVM_RUN",
        "the time after",
        "KVM_GET_REGS",
        "how round " + number + " ended");
  }

  @Test
  void nothingMayFailInSilence() {
    assertThat(ProbePlan.of(Path.of("/dev/kvm")).steps())
        .noneMatch(step -> step instanceof Step.Call call && call.onError() == Step.OnError.GO_ON);
  }
}
