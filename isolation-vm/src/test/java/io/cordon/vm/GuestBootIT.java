package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import io.cordon.vm.qemu.GuestEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuestBootIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  // what is compiled twice is compiled slowly by an emulated processor
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final String NEWER = "linux-image-6.12-cloud-amd64";

  private TestGuest guest;

  @BeforeAll
  void findKernel() {
    guest = TestGuest.onKernel(GuestKernels.CLOUD);
  }

  @ParameterizedTest
  @ValueSource(strings = {GuestKernels.CLOUD, NEWER})
  void nativeProgramSeesTheGuestsKernel(String kernel) throws IOException {
    TestGuest guest = TestGuest.onKernel(kernel);
    RootTree root = GuestFiles.addPrograms(GuestFiles.base(), Path.of("/bin/uname"));
    TestGuest.Run run = guest.run(root, List.of("/bin/uname", "-r"), 128, PATIENCE);
    System.out.println("uname on " + guest.kernel().release() + ": " + run.times());
    assertThat(run.exitStatus()).isZero();
    assertThat(run.output()).isEqualTo(guest.kernel().release() + "\n");
  }

  @Test
  void javaProgramRunsOnThisHostsJdk() throws IOException {
    RootTree root = GuestFiles.addJava(GuestFiles.base());
    String classPath = GuestFiles.addClassPath(root, List.of(GuestFiles.classesOf(Hello.class)));
    TestGuest.Run run =
        guest.run(
            root, GuestFiles.java(classPath, SMALL).main(Hello.class, "world"), 256, PATIENCE);
    System.out.println("java: " + run.times());
    assertThat(run.output()).isEqualTo("hello world from " + guest.kernel().release() + "\n");
    assertThat(run.exitStatus()).isEqualTo(7);
  }

  @Test
  void junitRunsInTheGuestWithPureCgroupV2() throws IOException {
    RootTree root = GuestFiles.addJava(GuestFiles.base());
    String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
    TestGuest.Run run =
        guest.run(
            root,
            GuestFiles.java(classPath, SMALL)
                .junit("--select-class=" + InsideAsRoot.class.getName()),
            768,
            PATIENCE);
    System.out.println("junit: " + run.times());
    assertThat(run.output()).contains("[         3 tests successful      ]");
    assertThat(run.exitStatus()).isZero();
  }

  @Test
  void junitRunsAsAnOrdinaryUserWithADelegatedGroup() throws IOException {
    RootTree root = GuestFiles.addJava(GuestFiles.base());
    String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
    TestGuest.Run run =
        guest.run(
            root,
            GuestProgram.asRoot(
                    GuestFiles.java(classPath, SMALL)
                        .junit("--select-class=" + InsideAsUser.class.getName()),
                    GuestFiles.ENVIRONMENT)
                .as(new GuestProgram.User(1000)),
            768,
            PATIENCE);
    assertThat(run.output()).contains("[         2 tests successful      ]");
    assertThat(run.exitStatus()).isZero();
  }

  @Test
  void programThatIsNotThereIsToldWithItsError() {
    TestGuest.Run run = guest.run(GuestFiles.base(), List.of("/bin/nothing"), 128, PATIENCE);
    assertThat(run.end()).contains(new GuestEnd.StepFailed("program: execute it", "ENOENT"));
  }
}
