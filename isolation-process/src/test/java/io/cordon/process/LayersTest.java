package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Protection;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Layer.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static final Layer QUOTA =
      new Layer("cgroup-memory", Optional.of(Protection.CGROUP), State.ADVISORY, "", "");

  @Test
  void rootPutsAllOn() {
    List<Layer> layers = layers(new Host(0, 0, 7, true, 40, Map.of()));
    assertThat(layers)
        .extracting(Layer::name)
        .containsExactly(
            "unprivileged-uid",
            "user-namespace",
            "mount-namespace",
            "pid-namespace",
            "network-namespace",
            "ipc-namespace",
            "uts-namespace",
            "cgroup-namespace",
            "time-namespace",
            "new-root",
            "init",
            "rlimits",
            "capabilities",
            "no-new-privileges",
            "landlock",
            "seccomp",
            "cgroup-memory");
    assertThat(layers)
        .filteredOn(layer -> !layer.equals(QUOTA))
        .extracting(Layer::state)
        .containsOnly(State.IN_FORCE);
  }

  @Test
  void userHasNoUidToDrop() {
    assertThat(layers(new Host(1000, 1000, 7, true, 40, Map.of())))
        .extracting(Layer::name)
        .doesNotContain("unprivileged-uid");
  }

  @Test
  void whatTheKernelHasNotIsMissing() {
    assertThat(layers(new Host(1000, 1000, 0, false, 40, Map.of())))
        .filteredOn(layer -> layer.state() == State.MISSING)
        .extracting(Layer::name)
        .containsExactly("time-namespace", "landlock");
  }

  private static List<Layer> layers(Host host) {
    return new Layers(host).inForce(List.of(QUOTA));
  }
}
