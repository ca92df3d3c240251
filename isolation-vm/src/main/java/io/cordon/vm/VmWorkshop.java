package io.cordon.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.policy.TenantLimits;
import io.cordon.process.ConfinedPrograms;
import io.cordon.process.GuestCells;
import io.cordon.process.GuestCells.GuestKernelFacts;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.OuterLimits;
import io.cordon.vm.agent.Orders;
import io.cordon.vm.disk.ScratchDisk;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.host.FileDigests;
import io.cordon.vm.image.ProgramImage;
import io.cordon.vm.qemu.Hardware;
import io.cordon.vm.qemu.SavedMachine;
import io.cordon.vm.qemu.TemplateFiles;
import io.cordon.vm.qemu.TemplateKey;
import io.cordon.vm.qemu.VirtualMachine;
import io.cordon.vm.qemu.VmmCell;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Boots guests, saves them and clones them. Safe for several threads. */
final class VmWorkshop implements AutoCloseable {
  private static final Duration BOOTING = Duration.ofMinutes(2);

  // QEMU's own threads: its main loop, the processor, and those that wait for disks.
  private static final int MACHINE_THREADS = 80;
  private static final SandboxLimits.Disk MACHINE_DISK = new SandboxLimits.Disk(1 << 20, 64);

  // Of which a plan is made where the kernel is not known yet.
  private static final GuestKernelFacts NEWEST = new GuestKernelFacts(4, true, 40);

  private final Set<GuestMachine> booting = ConcurrentHashMap.newKeySet();
  private final ConfinedPrograms programs;
  private final Elf elf;
  private final Orders orders;
  private final Renewals renewals;
  private final VmHost host;
  private final Consumer<String> progress;
  private final Architecture architecture;

  VmWorkshop(
      ConfinedPrograms programs,
      Architecture architecture,
      VmHost host,
      Renewals renewals,
      Consumer<String> progress) {
    this.programs = programs;
    this.architecture = architecture;
    this.elf = new Elf(architecture);
    this.orders = new Orders(new GuestCells(architecture));
    this.host = host;
    this.renewals = renewals;
    this.progress = progress;
  }

  /** What this host offers. */
  StrategyReport report() {
    return host.report();
  }

  /** Whether the image of a program can be had at once. */
  boolean hasImage(Program program) {
    return host.images().has(program);
  }

  /** The image of a program, which is made now if there is none. */
  ProgramImage image(Program program) {
    return host.images().of(program);
  }

  /** The steps in the guest: what the host does is the same for every machine. */
  List<String> explain(CellSpec spec) {
    ProgramImage image = image(spec.program());
    return launch(NEWEST, spec, image).describe();
  }

  /** What this application's own groups leave to all machines. */
  OuterLimits outerLimits() {
    return programs.outerLimits();
  }

  /** Holds the machines of a tenant to another total: a guest knows nothing of other guests. */
  void limit(String tenant, TenantLimits total) {
    programs.limit(tenant, total);
  }

  /** Where such cells start from: taken from the disk, or booted if there is none. */
  Template template(CellSpec spec) {
    Blueprint blueprint = blueprint(spec);
    return host.shelf()
        .take(blueprint.key(), blueprint.hardware(), kept -> template(blueprint, kept))
        .orElseGet(() -> boot(blueprint));
  }

  /** What the template of such cells is made by. */
  Blueprint blueprint(CellSpec spec) {
    ProgramImage image = image(spec.program());
    GuestKernel kernel = host.kernel();
    try {
      Guest guest = Guest.withAgent(kernel, architecture, image.root());
      Hardware hardware =
          new Hardware(
              host.machine(GuestMemory.guestMiB(spec.limits())),
              GuestMachine.PORTS,
              List.of(image.root().file()),
              OptionalLong.of(ScratchDisks.imageBytes(spec.limits().disk())));
      TemplateKey key =
          host.vmm()
              .keys()
              .of(spec.tenant(), hardware, kernel.image(), guest.initrd(), done(spec, image));
      return new Blueprint(spec, image, guest, hardware, key);
    } catch (IOException e) {
      throw unbootable(e);
    }
  }

  /** All that is done before a guest is saved, as far as it is known before it has booted. */
  private List<byte[]> done(CellSpec spec, ProgramImage image) {
    List<byte[]> done = new ArrayList<>();
    done.add(spec.limits().disk().toString().getBytes(US_ASCII));
    greeting(spec)
        .ifPresent(
            greeting -> {
              done.add(elf.compile(launch(NEWEST, spec, image)));
              done.add(greeting.bytes());
            });
    return done;
  }

  private static Optional<CellSpec.Greeting> greeting(CellSpec spec) {
    return VmStrategy.isResident(spec) && spec.program() instanceof Program.Jvm jvm
        ? jvm.greeting()
        : Optional.empty();
  }

  private LaunchPlan launch(GuestKernelFacts kernel, CellSpec spec, ProgramImage image) {
    return orders.launch(kernel, spec, program(spec, image));
  }

  /** Refuses what this version would have saved otherwise. */
  private Template template(Blueprint blueprint, TemplateFiles.Kept kept) {
    TemplateNotes notes =
        TemplateNotes.parse(kept.notes())
            .orElseThrow(() -> foreign(blueprint, "its notes are none of this version"));
    Optional<CellSpec.Greeting> greeting = greeting(blueprint.spec());
    if (greeting.isPresent() != notes.resident().isPresent()) {
      throw foreign(blueprint, "what executes in it is not what should");
    }
    return new Template(
        kept.machine(),
        blueprint.guest().init(),
        notes.kernel(),
        notes.nextOrder(),
        notes.resident().map(each -> resident(blueprint, notes.kernel(), each)));
  }

  private Template.Resident resident(
      Blueprint blueprint, GuestKernelFacts kernel, TemplateNotes.Resident noted) {
    LaunchPlan plan = launch(kernel, blueprint.spec(), blueprint.image());
    if (!digest(plan).equals(noted.plan())) {
      throw foreign(blueprint, "its program was launched by another plan");
    }
    return new Template.Resident(noted.order(), plan, greeting(blueprint.spec()).orElseThrow());
  }

  private static SandboxException foreign(Blueprint blueprint, String reason) {
    return new SandboxException(
        ErrorCode.BAD_TEMPLATE,
        "the saved machine %s is not usable: %s".formatted(blueprint.key().digest(), reason));
  }

  private String digest(LaunchPlan plan) {
    return HexFormat.of().formatHex(FileDigests.sha256().digest(elf.compile(plan)));
  }

  /** Boots a guest, brings it to where its cells start from, and has it kept on the disk. */
  private Template boot(Blueprint blueprint) {
    CellSpec spec = blueprint.spec();
    Guest guest = blueprint.guest();
    progress.accept(
        "booting a guest of %d MiB for %s"
            .formatted(GuestMemory.guestMiB(spec.limits()), spec.tenant()));
    VmmCell cell = cell(spec, "template-" + spec.name(), BOOTING);
    ScratchDisk scratch = host.disks().formatted(spec.limits().disk());
    VirtualMachine machine =
        host.vmm()
            .boot(cell, blueprint.hardware(), scratch, guest.kernel().image(), guest.initrd());
    GuestMachine booted = guestMachine(machine, spec, guest.init(), 1);
    booting.add(booted);
    try {
      Template template = finish(booted, blueprint);
      host.shelf().put(blueprint.key(), template.saved(), notes(template).text());
      return template;
    } catch (IOException e) {
      throw unbootable(e);
    } finally {
      booting.remove(booted);
      booted.close();
    }
  }

  private static SandboxException unbootable(IOException e) {
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED, "no guest can be booted: " + e.getMessage(), e);
  }

  private TemplateNotes notes(Template template) {
    return new TemplateNotes(
        template.kernel(),
        template.nextOrder(),
        template
            .resident()
            .map(each -> new TemplateNotes.Resident(each.order(), digest(each.plan()))));
  }

  private Template finish(GuestMachine booted, Blueprint blueprint) throws IOException {
    CellSpec spec = blueprint.spec();
    booted.listen();
    GuestKernelFacts facts = await(booted, "its first process", booted.agent().hello());
    Optional<Template.Resident> resident = Optional.empty();
    Optional<CellSpec.Greeting> greeting = greeting(spec);
    if (greeting.isPresent()) {
      LaunchPlan plan = launch(facts, spec, blueprint.image());
      CellRun run = new CellRun(spec, plan);
      int order = booted.agent().runOnStreams(plan, List.of(), run);
      await(booted, "its program", run.executing());
      hear(booted.stdout(), greeting.get().bytes(), BOOTING, booted::kill);
      resident = Optional.of(new Template.Resident(order, plan, greeting.get()));
    }
    await(booted, "its being held", booted.agent().hold());
    SavedMachine saved = booted.save();
    return new Template(
        saved, blueprint.guest().init(), facts, booted.agent().nextOrder(), resident);
  }

  /**
   * Waits for what a program says first.
   *
   * @param said what it writes, which ends with its guest
   * @param end ends the guest of one that says too little for too long
   * @throws IOException if it says anything else, or not all of it in time
   */
  static void hear(InputStream said, byte[] expected, Duration atMost, Runnable end)
      throws IOException {
    try (Deadline deadline = new Deadline(atMost, end)) {
      byte[] heard = said.readNBytes(expected.length);
      if (!deadline.met()) {
        throw new IOException("what the program says first was not there after " + atMost);
      }
      if (!Arrays.equals(heard, expected)) {
        throw new IOException("the program has not said what it was to say first");
      }
    }
  }

  /** Kills the guests that are booting: who waits for them hears that they are gone. */
  void stopBooting() {
    booting.forEach(GuestMachine::kill);
  }

  /** Waits a moment for what is on its way to the disk. */
  void finishWriting() {
    host.finishWriting();
  }

  private static <T> T await(GuestMachine machine, String what, CompletableFuture<T> event)
      throws IOException {
    try {
      return event.get(BOOTING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(what + " was not there after " + BOOTING, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SandboxException reason) {
        throw reason;
      }
      machine.kill();
      MachineEnd end = machine.ended().join();
      throw new IOException(
          "%s: %s; QEMU said: %s; the guest's console: %s"
              .formatted(
                  what,
                  String.valueOf(e.getCause()),
                  end.messages().strip(),
                  end.console().strip()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A clone, which is paused. */
  GuestMachine clone(Template template, CellSpec spec) {
    VirtualMachine machine =
        host.vmm().resume(cell(spec, spec.name(), spec.startMax()), template.saved());
    return guestMachine(machine, spec, template.init(), template.nextOrder());
  }

  private GuestMachine guestMachine(
      VirtualMachine machine, CellSpec spec, LaunchPlan init, int firstOrder) {
    SandboxLimits.Disk disk = spec.limits().disk();
    return new GuestMachine(machine, spec.name(), disk, elf, orders, renewals, init, firstOrder);
  }

  /** Orders a guest to launch a cell. */
  CellRun order(GuestMachine machine, GuestKernelFacts kernel, CellSpec spec) {
    LaunchPlan plan = launch(kernel, spec, image(spec.program()));
    CellRun run = new CellRun(spec, plan);
    machine.renewAndRun(plan, spec.inputs().stream().map(InputFile::content).toList(), run);
    return run;
  }

  private static GuestCells.Program program(CellSpec spec, ProgramImage image) {
    return new GuestCells.Program(
        image.shown().stream()
            .map(each -> new GuestCells.Shown(each.at(), each.directory(), each.executable()))
            .toList(),
        image.links(),
        image.program(),
        image.arguments(),
        spec.environment());
  }

  private VmmCell cell(CellSpec spec, String name, Duration startMax) {
    return new VmmCell(
        spec.tenant(), name, machineLimits(spec.limits()), spec.tenantLimits(), startMax);
  }

  /** What the machine of such a cell is held to. */
  SandboxLimits machineLimits(SandboxLimits cell) {
    return new SandboxLimits(
        cell.cpuMaxMillis(),
        GuestMemory.machineBytes(cell, host.translationCacheMiB()),
        MACHINE_THREADS,
        MACHINE_DISK,
        ofMachine(cell.tuning()));
  }

  /** But for what the cell alone is held to, inside: QEMU needs more memory, and more files. */
  static Tuning ofMachine(Tuning cell) {
    return new Tuning(
        cell.cpuWeight(),
        cell.cpus(),
        cell.mems(),
        OptionalLong.empty(),
        cell.memorySwapMax(),
        cell.io(),
        cell.ioWeight(),
        Tuning.BUILT_IN.filesMax());
  }

  @Override
  public void close() {
    try (programs) {
      host.close();
    }
  }
}
