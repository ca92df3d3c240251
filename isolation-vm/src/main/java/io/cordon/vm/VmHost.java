package io.cordon.vm;

import io.cordon.policy.Protection;
import io.cordon.process.Background;
import io.cordon.process.ConfinedPrograms;
import io.cordon.process.Lazy;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LimitLayer;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.image.ProgramImages;
import io.cordon.vm.kvm.KvmProbe;
import io.cordon.vm.kvm.KvmVerdict;
import io.cordon.vm.qemu.Machine;
import io.cordon.vm.qemu.Qemu;
import io.cordon.vm.qemu.Vmm;
import io.cordon.vm.setup.VmCaches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What this host has for micro-VMs: looked for when it is first asked for, and then kept. */
final class VmHost implements AutoCloseable {
  /** The most memory that QEMU keeps translated code in, where it emulates. */
  private static final int TRANSLATION_CACHE_MIB = 32;

  private static final String PREPARE = "cordon vm prepare";

  private final ConfinedPrograms programs;
  private final Lazy<VmCaches> caches;
  private final Lazy<KvmVerdict> kvm;
  private final Lazy<Vmm> vmm;
  private final Lazy<GuestKernel> kernel;
  private final Lazy<RootImages> roots;
  private final Lazy<ProgramImages> images;
  private final Lazy<ScratchDisks> disks;
  private final Lazy<TemplateShelf> shelf;
  private final Lazy<StrategyReport> report;

  VmHost(
      ConfinedPrograms programs, Architecture architecture, Path cache, Consumer<String> progress) {
    this.programs = programs;
    this.caches = new Lazy<>(() -> VmCaches.below(cache));
    this.kvm =
        new Lazy<>(
            () ->
                new Background<>(
                        "cordon-kvm-probe",
                        () -> forTenants(new KvmProbe(programs.kernel(), architecture).probe()))
                    .get());
    this.vmm = new Lazy<>(() -> new Vmm(programs, Qemu.find()));
    this.kernel = new Lazy<>(() -> find(new GuestKernels(caches.get().kernels(), progress)));
    this.roots = new Lazy<>(() -> new RootImages(caches.get().images(), progress));
    this.images =
        new Lazy<>(() -> new ProgramImages(roots.get(), caches.get().runtimes(), progress));
    this.disks = new Lazy<>(() -> new ScratchDisks(caches.get().scratch(), programs.kernel()));
    this.shelf =
        new Lazy<>(
            () ->
                new TemplateShelf(
                    caches.get().templates(),
                    TemplateShelf.USUAL_BUDGET,
                    disks.get(),
                    programs.kernel(),
                    progress));
    this.report = new Lazy<>(() -> new Background<>("cordon-vm-probe", this::look).get());
  }

  /** Root's probe may open what the user that it gives a tenant's machine may not. */
  private KvmVerdict forTenants(KvmVerdict verdict) {
    if (verdict instanceof KvmVerdict.Unusable || programs.kernel().getuid() != 0) {
      return verdict;
    }
    try {
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(KvmProbe.DEVICE));
      return mode.endsWith("rw-")
          ? verdict
          : new KvmVerdict.Unusable(
              "%s works, but is %s, and a micro-VM's process runs as its tenant's own user"
                  .formatted(KvmProbe.DEVICE, mode),
              "chmod 0666 %s, for good by a rule of udev: KERNEL==\"kvm\", MODE=\"0666\"; %s"
                  .formatted(KvmProbe.DEVICE, "or isolation.vm.emulation: allow"));
    } catch (IOException e) {
      return new KvmVerdict.Unusable(KvmProbe.DEVICE + " can't be looked at: " + e, "");
    }
  }

  /** Never fetches one: nobody expects that of a launch. */
  private static GuestKernel find(GuestKernels kernels) {
    return kernels
        .installed()
        .or(kernels::fetched)
        .orElseThrow(
            () ->
                new SandboxException(
                    ErrorCode.STRATEGY_UNUSABLE,
                    "there is no kernel for guests: run %s, or apt-get install %s"
                        .formatted(PREPARE, GuestKernels.CLOUD)));
  }

  Vmm vmm() {
    return vmm.get();
  }

  GuestKernel kernel() {
    return kernel.get();
  }

  ProgramImages images() {
    return images.get();
  }

  ScratchDisks disks() {
    return disks.get();
  }

  TemplateShelf shelf() {
    return shelf.get();
  }

  /** Waits a moment for what is on its way to the disk; nothing more is put there. */
  void finishWriting() {
    shelf.peek().ifPresent(TemplateShelf::close);
  }

  /** The machine that runs a guest of so much memory. */
  Machine machine(int memoryMiB) {
    return kvm.get() instanceof KvmVerdict.Usable
        ? Machine.virtualHere(memoryMiB)
        : Machine.emulatedHere(memoryMiB, TRANSLATION_CACHE_MIB);
  }

  /** What of QEMU's memory depends on how it runs guests. */
  int translationCacheMiB() {
    return kvm.get() instanceof KvmVerdict.Usable ? 0 : TRANSLATION_CACHE_MIB;
  }

  StrategyReport report() {
    return report.get();
  }

  private StrategyReport look() {
    StrategyReport confinement = programs.report();
    List<Layer> needed =
        List.of(
            found("vmm", () -> "QEMU " + version(vmm.get().qemu())),
            found("guest-kernel", () -> "Linux " + kernel.get().release() + ", its own"));
    return report(needed, confinement, hardware());
  }

  /**
   * What micro-VMs offer.
   *
   * @param needed without any of which there are none
   * @param confinement what their processes are put into: without it there are none either
   * @param hardware without which they are emulated
   */
  static StrategyReport report(List<Layer> needed, StrategyReport confinement, Layer hardware) {
    List<Layer> layers = new ArrayList<>(needed);
    layers.add(
        new Layer(
            "guest-cell",
            Optional.empty(),
            Layer.State.IN_FORCE,
            "inside, the program is in a cell with every layer that the guest's kernel has",
            ""));
    for (Layer layer : confinement.layers()) {
      layers.add(
          layer.name().equals(LimitLayer.MEMORY_HIGH.layer())
              ? memoryHigh()
              : new Layer(
                  name(layer), layer.protection(), layer.state(), layer.detail(), layer.remedy()));
    }
    layers.add(hardware); // last: a refusal names the first that is missing
    boolean usable = needed.stream().allMatch(VmHost::inForce) && confinement.usable();
    return new StrategyReport(VmStrategy.NAME, usable, confinement.tier(), layers);
  }

  /** On a machine it would slow down QEMU for what is the guest's kernel's. */
  private static Layer memoryHigh() {
    return new Layer(
        LimitLayer.MEMORY_HIGH.layer(),
        Optional.of(Protection.CGROUP),
        Layer.State.IN_FORCE,
        "cgroup-v2: memory.high, by the guest's kernel",
        "");
  }

  /** What holds limits holds them for the guest as for any other process of the host. */
  private static String name(Layer layer) {
    return layer.name().startsWith("cgroup-") ? layer.name() : "vmm-" + layer.name();
  }

  private Layer hardware() {
    return switch (kvm.get()) {
      case KvmVerdict.Usable(double nanos) ->
          new Layer(
              Layer.HARDWARE_VIRTUALIZATION,
              Optional.empty(),
              Layer.State.IN_FORCE,
              "KVM; a probe's loop took %.1f ns a turn".formatted(nanos),
              "");
      case KvmVerdict.Unusable(String reason, String remedy) ->
          new Layer(
              Layer.HARDWARE_VIRTUALIZATION,
              Optional.empty(),
              Layer.State.MISSING,
              "guests are emulated: " + reason,
              remedy);
    };
  }

  private static Layer found(String name, Supplier<String> detail) {
    try {
      return new Layer(name, Optional.empty(), Layer.State.IN_FORCE, detail.get(), "");
    } catch (SandboxException e) {
      return new Layer(name, Optional.empty(), Layer.State.MISSING, e.reason(), PREPARE);
    }
  }

  private static boolean inForce(Layer layer) {
    return layer.state() == Layer.State.IN_FORCE;
  }

  private static String version(Qemu qemu) {
    return qemu.major() + "." + qemu.minor();
  }

  @Override
  public void close() {
    finishWriting();
    roots.peek().ifPresent(RootImages::close);
  }
}
