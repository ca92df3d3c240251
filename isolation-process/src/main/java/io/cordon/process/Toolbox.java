package io.cordon.process;

import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.quota.QuotaEnforcer;
import io.cordon.process.seccomp.Profile;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.CellSpec;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What planning and launching takes, and is made once. */
final class Toolbox implements AutoCloseable {
  private final Kernel kernel;
  private final Host host;
  private final Elf elf;
  private final Map<Profile, SeccompFilter> filters = new EnumMap<>(Profile.class);
  private final NativeView nativeView = new NativeView();
  private final Lazy<JavaRuntime> runtime = new Lazy<>(JavaRuntime::ofThisJvm);
  private final QuotaEnforcer quotas;
  private final TenantIdentities identities;
  private final Lazy<List<Layer>> layers;

  Toolbox(
      Kernel kernel, Architecture architecture, QuotaEnforcer quotas, TenantIdentities identities) {
    this.kernel = kernel;
    this.host = Host.look(kernel);
    this.elf = new Elf(architecture);
    this.quotas = quotas;
    this.identities = identities;
    this.layers = new Lazy<>(() -> new Layers(host).inForce(quotas.layers()));
    for (Profile profile : Profile.values()) {
      filters.put(profile, new SeccompFilter(profile, architecture));
    }
  }

  Kernel kernel() {
    return kernel;
  }

  Host host() {
    return host;
  }

  QuotaEnforcer quotas() {
    return quotas;
  }

  TenantIdentities identities() {
    return identities;
  }

  /** What a cell sees and executes. */
  CellView view(CellSpec spec) {
    return CellView.of(spec, nativeView, runtime);
  }

  /** Plans the launch of a cell. */
  LaunchPlan plan(CellSpec spec, CellView view, List<Path> joinFiles, TenantIdentity identity) {
    OptionalInt uid = host.root() ? OptionalInt.of(identity.uid()) : OptionalInt.empty();
    Placement placement = new Placement(joinFiles, uid, quotas.tier().equals("rlimit"));
    SeccompFilter filter = filters.get(view.profile());
    if (filter == null) {
      throw new IllegalStateException("no filter for " + view.profile());
    }
    return new CellPlanner(host, spec, placement, view, filter).plan();
  }

  /** The layers of a cell that is running: every step was taken, so they are in force. */
  List<Layer> layers() {
    return layers.get();
  }

  byte[] compile(LaunchPlan plan) {
    return elf.compile(plan);
  }

  @Override
  public void close() {
    try (identities) {
      quotas.close();
    }
  }
}
