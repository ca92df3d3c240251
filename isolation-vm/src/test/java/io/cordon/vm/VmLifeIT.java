package io.cordon.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import io.cordon.vm.qemu.GuestEnd;
import io.cordon.vm.qemu.Vm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a machine carries while it lives, and the ways in which it ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VmLifeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path temporary;
  private TestGuest guest;

  @BeforeAll
  void findKernel() {
    guest = TestGuest.onKernel(GuestKernels.CLOUD);
  }

  private Vm start(String... command) throws IOException {
    RootTree root = GuestFiles.addPrograms(GuestFiles.base(), Path.of(command[0]));
    return guest.start(root, GuestProgram.asRoot(List.of(command), Map.of()), 128);
  }

  private static boolean isAlive(Vm vm) {
    return !vm.machine().exit().isDone();
  }

  @Test
  void streamCarriesEveryByteBothWays() throws Exception {
    byte[] sent = new byte[1 << 20];
    new Random(1).nextBytes(sent);
    try (Vm vm = start("/bin/cat")) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      vm.input().write(sent);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      assertThat(vm.output().readNBytes(sent.length)).isEqualTo(sent);
      writer.join();
      vm.input().close(); // not before: it ends both directions
      assertThat(vm.awaitEnd(PATIENCE))
          .hasValueSatisfying(
              end ->
                  assertThat(end)
                      .isInstanceOfSatisfying(
                          GuestEnd.Ended.class, it -> assertThat(it.exitStatus()).isZero()));
    }
  }

  @Test
  void killedMachineIsGone() throws Exception {
    Vm vm = start("/bin/sleep", "1000");
    try (vm) {
      vm.kill();
      assertThat(vm.awaitEnd(PATIENCE)).contains(new GuestEnd.Killed());
    }
    assertThat(isAlive(vm)).isFalse();
  }

  @Test
  void closedMachineIsGoneWhateverItWasDoing() throws Exception {
    Vm vm = start("/bin/sleep", "1000");
    vm.close();
    assertThat(vm.awaitEnd(PATIENCE)).contains(new GuestEnd.Killed());
    assertThat(isAlive(vm)).isFalse();
    vm.close(); // once more does nothing
  }

  /** The one QEMU below this JVM. */
  private static ProcessHandle qemu() {
    return ProcessHandle.current()
        .descendants()
        .filter(each -> each.info().command().orElse("").contains("qemu-system"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void deathOfTheMachinesProcessIsNotTakenForTheGuestsEnd() throws Exception {
    try (Vm vm = start("/bin/sleep", "1000")) {
      assertThat(qemu().destroyForcibly()).isTrue();
      assertThat(vm.awaitEnd(PATIENCE))
          .hasValueSatisfying(
              end ->
                  assertThat(end)
                      .isInstanceOfSatisfying(
                          GuestEnd.VmmDied.class,
                          died -> assertThat(died.exitStatus()).isEqualTo(128 + 9)));
    }
  }

  @Test
  void panicIsToldInTheKernelsWords() throws Exception {
    try (Vm vm = start("/usr/bin/tee", "/proc/sysrq-trigger")) {
      vm.input().write("c".getBytes(US_ASCII));
      assertThat(vm.awaitEnd(PATIENCE)).contains(new GuestEnd.Panicked("sysrq triggered crash"));
    }
  }

  @Test
  void signalThatEndsTheProgramIsItsStatus() throws Exception {
    RootTree root =
        GuestFiles.addPrograms(
            GuestFiles.base(), Path.of("/usr/bin/timeout"), Path.of("/usr/bin/sleep"));
    List<String> command = List.of("/usr/bin/timeout", "-s", "KILL", "0.1", "/usr/bin/sleep", "9");
    TestGuest.Run run = guest.run(root, command, 128, PATIENCE);
    assertThat(run.exitStatus()).isEqualTo(128 + 9);
  }

  @Test
  void stepBeforeThereIsAPortIsToldByThePanic() throws Exception {
    Files.writeString(temporary.resolve("modules.builtin"), "");
    StringBuilder index = new StringBuilder();
    for (String module : GuestKernel.ESSENTIAL) {
      Files.writeString(temporary.resolve(module + ".ko"), "no module");
      index.append(module).append(".ko:\n");
    }
    Files.writeString(temporary.resolve("modules.dep"), index);
    GuestKernel broken =
        new GuestKernel(guest.kernel().release(), guest.kernel().image(), temporary);
    try (Vm vm =
        guest.start(broken, GuestFiles.base(), GuestProgram.asRoot(List.of("/x"), Map.of()), 128)) {
      assertThat(vm.awaitEnd(PATIENCE))
          .contains(new GuestEnd.StepFailed("modules: load virtio_mmio", "unknown"));
    }
  }

  @Test
  void whatQemuRefusesIsToldInItsWords() {
    GuestKernel none =
        new GuestKernel("none", temporary.resolve("no-such-kernel"), guest.kernel().modules());
    assertThatThrownBy(
            () ->
                guest.start(
                    none, GuestFiles.base(), GuestProgram.asRoot(List.of("/x"), Map.of()), 128))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
        .hasMessageContaining("no-such-kernel");
  }

  @Test
  void clockIsNearTheHosts() throws Exception {
    try (Vm vm = start("/bin/date", "+%s")) {
      String said = new String(vm.output().readAllBytes(), UTF_8).trim();
      Duration apart = Duration.between(Instant.now(), Instant.ofEpochSecond(Long.parseLong(said)));
      System.out.println("the guest's clock is apart by " + apart);
      assertThat(apart.abs()).isLessThan(Duration.ofMinutes(1));
    }
  }
}
