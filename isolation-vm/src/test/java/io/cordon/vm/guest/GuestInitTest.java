package io.cordon.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuestInitTest {
  private static final GuestProgram PROGRAM =
      GuestProgram.asRoot(List.of("/bin/uname", "-r"), Map.of("LANG", "C.UTF-8", "HOME", "/tmp"));

  @Test
  void planOfARootProgram() throws IOException {
    assertThat(GuestInit.plan(List.of(module("virtio_ring"), module("erofs")), PROGRAM).describe())
        .containsExactlyElementsOf(golden("init-root.txt"));
  }

  @Test
  void planOfAnOrdinaryUsersProgram() throws IOException {
    assertThat(GuestInit.plan(List.of(), PROGRAM.as(new GuestProgram.User(1000))).describe())
        .containsExactlyElementsOf(golden("init-user.txt"));
  }

  @Test
  void stepsBeforeTheControlPortFitIntoAnExitStatus() {
    List<KernelModule> modules = IntStream.range(0, 20).mapToObj(i -> module("m" + i)).toList();
    LaunchPlan plan = GuestInit.plan(modules, PROGRAM);
    Optional<Step> told =
        plan.steps().stream().filter(step -> step.describe().contains("init is there")).findFirst();
    assertThat(plan.steps().indexOf(told.orElseThrow())).isLessThan(256);
  }

  private static KernelModule module(String name) {
    return KernelModule.of(Path.of("/lib/modules/6.1/kernel", name + ".ko"));
  }

  private static List<String> golden(String name) throws IOException {
    try (var in = GuestInitTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
