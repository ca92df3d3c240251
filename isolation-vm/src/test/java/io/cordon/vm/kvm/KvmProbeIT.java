package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.vm.kvm.GuestExit.PortAccess;
import io.cordon.vm.kvm.KvmVerdict.Unusable;
import io.cordon.vm.kvm.KvmVerdict.Usable;
import io.cordon.vm.kvm.Observation.End;
import io.cordon.vm.kvm.ProbeReport.Facts;
import io.cordon.vm.kvm.ProbeReport.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The probe on this host. After each test no process and no descriptor of it is left. */
@Timeout(60)
class KvmProbeIT {
  private static final Architecture ARCHITECTURE = Architecture.of("amd64").orElseThrow();
  private static final Kernel KERNEL = Kernel.bind(ARCHITECTURE.systemCalls());

  /** Far from what a guest takes, and so from deciding a test. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private List<String> before = List.of();

  @BeforeEach
  void look() throws IOException {
    before = descriptors();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(children()).isEmpty();
    assertThat(descriptors()).isEqualTo(before);
  }

  @Test
  void kvmThatInterpretsIsUnusable() throws InterruptedException {
    assumeThat(new HostModules(Path.of("/sys/module")).kvm())
        .as("a KVM that interprets its guests (kvm_pvm)")
        .contains("kvm_pvm");
    assumeKvm();
    Unusable verdict = (Unusable) probe(KvmProbe.DEVICE, Guest.probe()).probe();
    // lock cmpxchg16b [rdi], which the interpreter of KVM does not know
    assertThat(verdict.reason())
        .contains("kvm_pvm", "KVM_EXIT_INTERNAL_ERROR (17)", "f0 48 0f c7 0f", "rip 0x4019");
    assertThat(verdict.remedy()).contains("isolation.vm.emulation: allow");
  }

  /** The control: the same KVM runs a guest of two instructions to its end. */
  @Test
  void guestOfTwoInstructionsProvesNothing() throws InterruptedException {
    assumeKvm();
    Observation observation = probe(KvmProbe.DEVICE, naive()).observe();
    assertThat(rounds(observation))
        .hasSize(ProbePlan.ROUNDS)
        .extracting(Round::exit)
        .containsOnly(new PortAccess(true, 1, Guest.PORT));
    assertThat(observation.end()).isEqualTo(new End.Ended(0));
  }

  @Test
  void kvmOnHardwareIsUsable() throws InterruptedException {
    assumeThat(new HostModules(Path.of("/sys/module")).kvm())
        .as("a KVM that uses the processor's virtualisation (kvm_intel, kvm_amd)")
        .containsAnyOf("kvm_intel", "kvm_amd")
        .doesNotContain("kvm_pvm");
    assumeKvm();
    Usable verdict = (Usable) probe(KvmProbe.DEVICE, Guest.probe()).probe();
    assertThat(verdict.nanosPerIteration()).isBetween(0.0, Judge.MOST_NANOS_PER_ITERATION);
  }

  @Test
  void guestThatNeverEndsIsKilledAtTheDeadline() throws InterruptedException {
    assumeKvm();
    Observation observation = probe(Duration.ofSeconds(1), endless()).observe();
    assertThat(observation.reports()).singleElement().isInstanceOf(Facts.class); // then it hung
    assertThat(observation.end()).isEqualTo(new End.Killed());
    Unusable verdict = (Unusable) probe(Duration.ofMillis(300), endless()).probe();
    assertThat(verdict.reason()).contains("killed at its deadline of 300 ms");
  }

  @Test
  void interruptedCallerKillsTheProbe() throws Exception {
    assumeKvm();
    CompletableFuture<KvmVerdict> verdict = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    verdict.complete(probe(LONG, endless()).probe());
                  } catch (InterruptedException e) {
                    verdict.completeExceptionally(e);
                  }
                });
    while (children().isEmpty()) {
      Thread.sleep(1);
    }
    caller.interrupt();
    assertThatThrownBy(verdict::get).hasCauseInstanceOf(InterruptedException.class);
    // The thread that follows the probe reaps it, and has then closed what it had.
    while (!children().isEmpty() || !descriptors().equals(before)) {
      Thread.sleep(1);
    }
  }

  @Test
  void probeDiesWithItsJvm() throws Exception {
    assumeKvm();
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessProbe.class.getName())
            .inheritIO()
            .start();
    List<ProcessHandle> probe = List.of();
    try {
      while (probe.isEmpty() && jvm.isAlive()) {
        Thread.sleep(1);
        probe = jvm.descendants().toList();
      }
      assertThat(probe).hasSize(1);
      jvm.destroyForcibly().waitFor();
      while (runs(probe.getFirst())) {
        Thread.sleep(1);
      }
    } finally {
      probe.forEach(ProcessHandle::destroyForcibly);
      jvm.destroyForcibly().waitFor();
    }
  }

  /** A dead process may wait for somebody to reap it, where init does not. */
  private static boolean runs(ProcessHandle process) throws IOException {
    try {
      String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
      return !status.contains("State:\tZ") && !status.contains("State:\tX");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** A JVM that probes with a guest that never ends. */
  static final class EndlessProbe {
    private EndlessProbe() {}

    public static void main(String[] arguments) throws InterruptedException {
      probe(Duration.ofHours(1), endless()).probe();
    }
  }

  @Test
  void deviceThatIsNotThere() throws InterruptedException {
    Unusable verdict = (Unusable) probe(Path.of("/dev/no-kvm"), Guest.probe()).probe();
    assertThat(verdict.reason()).startsWith("/dev/no-kvm").endsWith(": ENOENT");
    assertThat(verdict.remedy()).contains("load kvm_intel or kvm_amd");
  }

  @Test
  void deviceThatIsNotKvm() throws InterruptedException {
    Unusable verdict = (Unusable) probe(Path.of("/dev/null"), Guest.probe()).probe();
    assertThat(verdict.reason()).isEqualTo("/dev/null is not KVM: KVM_GET_API_VERSION: ENOTTY");
  }

  /** This file may be written by nobody, not even by root: its permissions are not a disk's. */
  @Test
  void deviceThatMayNotBeOpened() throws InterruptedException {
    Unusable verdict = (Unusable) probe(Path.of("/proc/sys/kernel/ostype"), Guest.probe()).probe();
    assertThat(verdict.reason()).endsWith(": EACCES");
    assertThat(verdict.remedy()).contains("usermod -aG kvm");
  }

  @Test
  void hundredProbesLeaveNothing() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      assertThat(probe(Path.of("/dev/null"), Guest.probe()).probe()).isInstanceOf(Unusable.class);
    }
  }

  private static void assumeKvm() {
    assumeThat(Files.isWritable(KvmProbe.DEVICE)).as("/dev/kvm that may be opened").isTrue();
  }

  private static KvmProbe probe(Path device, Guest guest) {
    return new KvmProbe(KERNEL, ARCHITECTURE, device, LONG, guest);
  }

  private static KvmProbe probe(Duration deadline, Guest guest) {
    return new KvmProbe(KERNEL, ARCHITECTURE, KvmProbe.DEVICE, deadline, guest);
  }

  private static Guest naive() {
    return new Guest(
        HexFormat.of()
            .parseHex(
                "b001" // start: mov al, 1
                    + "e6f4" // out 0xf4, al
                    + "ebfa")); // jmp start
  }

  private static Guest endless() {
    return new Guest(HexFormat.of().parseHex("ebfe")); // here: jmp here
  }

  private static List<Round> rounds(Observation observation) {
    return observation.reports().stream()
        .filter(Round.class::isInstance)
        .map(Round.class::cast)
        .toList();
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().toList();
  }

  /** Of the kinds that a probe has. */
  private static List<String> descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(KvmProbeIT::target)
          .flatMap(Optional::stream)
          .filter(
              target ->
                  target.startsWith("socket:")
                      || target.startsWith("/memfd:")
                      || target.contains("kvm"))
          .sorted()
          .toList();
    }
  }

  private static Optional<String> target(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException e) {
      return Optional.empty(); // it is closed by now
    }
  }
}
