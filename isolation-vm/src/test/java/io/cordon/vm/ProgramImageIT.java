package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import io.cordon.vm.image.ProgramImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Programs run in guests from the images that are made for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProgramImageIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private TestGuest guest;

  @BeforeAll
  void findKernel() {
    guest = TestGuest.onKernel(GuestKernels.CLOUD);
  }

  private TestGuest.Run run(ProgramImage image) {
    List<String> command = new ArrayList<>(image.arguments());
    command.set(0, image.program());
    TestGuest.Run run =
        guest.run(image.root(), GuestProgram.asRoot(command, Map.of()), 256, PATIENCE);
    System.out.println(command.getFirst() + ": " + run.times());
    return run;
  }

  @Test
  void javaProgramRunsOnItsLinkedRuntimeWithSharedClasses() {
    List<String> options = new ArrayList<>(SMALL);
    options.add("-Xshare:on"); // fails where the archive of classes can't be used
    options.add("-showversion");
    Program.Jvm program =
        new Program.Jvm(
            options,
            List.of(GuestFiles.classesOf(Hello.class)),
            Optional.empty(),
            Hello.class.getName(),
            List.of("world"));
    TestGuest.Run run = run(guest.images().of(program));
    assertThat(run.output())
        .contains("sharing)")
        .endsWith("hello world from " + guest.kernel().release() + "\n");
    assertThat(run.exitStatus()).isEqualTo(7);
  }

  @Test
  void nativeProgramRunsWithItsLibraries() {
    assumeThat(Path.of("/usr/bin/pdftotext")).as("the package poppler-utils").exists();
    TestGuest.Run run = run(guest.images().of(new Program.Native(List.of("pdftotext", "-v"))));
    assertThat(run.output()).contains("pdftotext version");
    assertThat(run.exitStatus()).isZero();
  }
}
