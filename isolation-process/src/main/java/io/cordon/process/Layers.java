package io.cordon.process;

import io.cordon.policy.Protection;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Layer.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The layers that protect from a cell, in the order in which they are put on. */
final class Layers {
  private final Host host;

  Layers(Host host) {
    this.host = host;
  }

  /** What a plan puts on, and of what it knows that this host hasn't it. */
  List<Layer> inForce(List<Layer> quotas) {
    List<Layer> layers = new ArrayList<>();
    if (host.root()) {
      layers.add(
          layer("unprivileged-uid", Optional.empty(), "root becomes a user of the tenant's own"));
    }
    layers.add(namespace("user", "uid 1000 alone is mapped, to an unprivileged user"));
    layers.add(namespace("mount", "private"));
    layers.add(namespace("pid", "sees its own processes alone"));
    layers.add(namespace("network", "no interface is up, not even loopback"));
    layers.add(namespace("ipc", "private"));
    layers.add(namespace("uts", "a host name of its own"));
    layers.add(namespace("cgroup", "sees its own group as the root"));
    layers.add(
        host.timeNamespaces()
            ? namespace("time", "private")
            : missing(
                "time-namespace",
                Optional.of(Protection.NAMESPACES),
                "the kernel has none",
                "a kernel of 5.6 or newer with CONFIG_TIME_NS"));
    layers.add(
        layer(
            "new-root",
            Optional.of(Protection.NAMESPACES),
            "read-only, with what the program needs and nothing else"));
    layers.add(layer("init", Optional.empty(), "ends the cell with its program, or with the host"));
    layers.add(layer("rlimits", Optional.empty(), "no core files; descriptors and file sizes"));
    layers.add(layer("capabilities", Optional.empty(), "none, and none to be had"));
    layers.add(layer("no-new-privileges", Optional.empty(), "setuid programs give nothing"));
    layers.add(
        host.landlockAbi() > 0
            ? layer("landlock", Optional.of(Protection.LANDLOCK), "ABI " + host.landlockAbi())
            : missing(
                "landlock",
                Optional.of(Protection.LANDLOCK),
                "the kernel has none",
                "a kernel of 5.13 or newer, booted with lsm=landlock,..."));
    layers.add(
        layer("seccomp", Optional.of(Protection.SECCOMP), "only the system calls on a list"));
    layers.addAll(quotas);
    return List.copyOf(layers);
  }

  private static Layer namespace(String name, String detail) {
    return layer(name + "-namespace", Optional.of(Protection.NAMESPACES), detail);
  }

  private static Layer layer(String name, Optional<Protection> protection, String detail) {
    return new Layer(name, protection, State.IN_FORCE, detail, "");
  }

  static Layer missing(String name, Optional<Protection> protection, String detail, String remedy) {
    return new Layer(name, protection, State.MISSING, detail, remedy);
  }
}
