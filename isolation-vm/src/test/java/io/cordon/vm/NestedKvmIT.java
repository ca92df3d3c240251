package io.cordon.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider.Context;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import io.cordon.vm.kvm.KvmProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Micro-VMs on a KVM that works, which needs no processor that has one: the host is emulated, with
 * AMD's virtualisation, and runs the strategy {@code vm} itself. It shows that this works; how fast
 * it is there says nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(1200)
class NestedKvmIT {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int MEMORY_MIB = 1536;
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final List<String> FIRMWARE =
      List.of("bios-microvm.bin", "linuxboot_dma.bin", "pvh.bin", "kvmvapic.bin");

  private TestGuest host;
  private RootTree root;
  private List<String> report;

  @BeforeAll
  void prepare() throws IOException {
    host = TestGuest.onKernel(GuestKernels.CLOUD);
    root = GuestFiles.addJava(GuestFiles.base());
    GuestFiles.addPackages(root, GuestFiles.usualPackages());
    GuestFiles.addPackages(root, List.of("bash", "e2fsprogs", "erofs-utils", "libc-bin"));
    GuestFiles.addPrograms(root, Path.of("/usr/bin/qemu-system-x86_64"));
    for (String name : FIRMWARE) {
      root.mirror(Path.of("/usr/share/qemu", name));
    }
    GuestKernel kernel = host.kernel();
    root.copy(kernel.image(), "/boot/vmlinuz-" + kernel.release());
    root.copy(kernel.modules(), "/usr/lib/modules/" + kernel.release());
    String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
    report = GuestFiles.java(classPath, SMALL).main(Reporter.class);
  }

  @Test
  void clonesRunOnTheProcessorItself() {
    GuestProgram program = GuestProgram.asRoot(report, GuestFiles.ENVIRONMENT).with("kvm_amd");
    TestGuest.Run run = host.echoingTo(System.out).runWithKvm(root, program, MEMORY_MIB, PATIENCE);
    assertThat(run.exitStatus()).isZero();
    String release = host.kernel().release();
    assertThat(run.output())
        .as("of a KVM that tenants' users may not open")
        .containsPattern("rw-------: hardware-virtualization MISSING .*rw-------.*MODE=\"0666\"")
        .as("of one that they may")
        .contains("rw-rw-rw-: hardware-virtualization IN_FORCE KVM; a probe's loop took")
        .contains("clone 0 said " + release, "clone 1 said " + release, "clone 2 said " + release)
        .contains("monitors with kvm: 3 of 3");
  }

  /** Runs in the emulated host. */
  static final class Reporter {
    private static final int CLONES = 3;

    private Reporter() {}

    public static void main(String[] arguments) throws IOException {
      Context context =
          new Context(
              Files.createTempDirectory("cache"), line -> System.out.println("vm: " + line));
      for (String mode : List.of("rw-------", "rw-rw-rw-")) {
        Files.setPosixFilePermissions(KvmProbe.DEVICE, PosixFilePermissions.fromString(mode));
        try (IsolationStrategy strategy = new VmStrategyProvider().open(context)) {
          Layer hardware = hardware(strategy.report().layers());
          System.out.printf(
              "%s: %s %s %s %s%n",
              mode, hardware.name(), hardware.state(), hardware.detail(), hardware.remedy());
          if (hardware.state() == Layer.State.IN_FORCE) {
            cloneSome(strategy);
          }
        }
      }
    }

    private static Layer hardware(List<Layer> layers) {
      return layers.stream()
          .filter(layer -> layer.name().equals(Layer.HARDWARE_VIRTUALIZATION))
          .findFirst()
          .orElseThrow();
    }

    private static void cloneSome(IsolationStrategy strategy) throws IOException {
      Program uname = new Program.Native(List.of("uname", "-r"));
      long accelerated = 0;
      for (int i = 0; i < CLONES; i++) {
        long start = System.nanoTime();
        try (Cell cell = strategy.launch(Lab.spec("acme", "clone-" + i, uname, Lab.SMALL))) {
          accelerated += monitorsWithKvm();
          cell.stdin().close();
          String said = new String(cell.stdout().readAllBytes(), UTF_8).strip();
          System.out.printf(
              "clone %d said %s after %d ms, and ended with %s%n",
              i, said, (System.nanoTime() - start) / 1_000_000, cell.exit().join());
        }
      }
      System.out.printf("monitors with kvm: %d of %d%n", accelerated, CLONES);
    }

    private static long monitorsWithKvm() {
      return Lab.machines().stream()
          .filter(
              each ->
                  String.join(" ", each.info().arguments().orElseThrow()).contains("-accel kvm"))
          .count();
    }
  }
}
