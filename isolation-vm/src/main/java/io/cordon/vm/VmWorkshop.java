package io.cordon.vm;

import io.cordon.policy.SandboxLimits;
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
import io.cordon.vm.agent.Orders;
import io.cordon.vm.disk.ScratchDisk;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.image.ProgramImage;
import io.cordon.vm.qemu.Hardware;
import io.cordon.vm.qemu.Machine;
import io.cordon.vm.qemu.VirtualMachine;
import io.cordon.vm.qemu.VmmCell;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
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
    GuestKernelFacts newest = new GuestKernelFacts(4, true, 40);
    return orders.launch(newest, spec, program(spec, image)).describe();
  }

  /** Boots a guest, and brings it to where such cells start from. */
  Template boot(CellSpec spec) {
    ProgramImage image = image(spec.program());
    GuestKernel kernel = host.kernel();
    progress.accept(
        "booting a guest of %d MiB for %s"
            .formatted(GuestMemory.guestMiB(spec.limits()), spec.tenant()));
    try {
      Guest guest = Guest.withAgent(kernel, architecture, image.root());
      Machine size = host.machine(GuestMemory.guestMiB(spec.limits()));
      VmmCell cell = cell(spec, "template-" + spec.name(), BOOTING);
      ScratchDisk scratch = host.disks().formatted(spec.limits().disk());
      Hardware hardware =
          new Hardware(
              size,
              GuestMachine.PORTS,
              List.of(image.root().file()),
              OptionalLong.of(scratch.bytes()));
      VirtualMachine machine =
          host.vmm().boot(cell, hardware, scratch, kernel.image(), guest.initrd());
      GuestMachine booted = guestMachine(machine, spec, guest.init(), 1);
      try {
        return finish(booted, guest, spec, image);
      } finally {
        booted.close();
      }
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "no guest can be booted: " + e.getMessage(), e);
    }
  }

  private Template finish(GuestMachine booted, Guest guest, CellSpec spec, ProgramImage image)
      throws IOException {
    booted.listen();
    GuestKernelFacts facts = await(booted, "its first process", booted.agent().hello());
    if (!VmStrategy.isResident(spec)) {
      return new Template(
          booted.save(), guest.init(), facts, booted.agent().nextOrder(), Optional.empty());
    }
    CellSpec.Greeting greeting = ((Program.Jvm) spec.program()).greeting().orElseThrow();
    LaunchPlan plan = orders.launch(facts, spec, program(spec, image));
    CellRun run = new CellRun(spec, plan);
    int order = booted.agent().runOnStreams(plan, List.of(), run);
    await(booted, "its program", run.executing());
    byte[] expected = greeting.bytes();
    if (!Arrays.equals(booted.stdout().readNBytes(expected.length), expected)) {
      throw new IOException("the program has not said what it was to say first");
    }
    Template.Resident resident = new Template.Resident(order, plan, greeting);
    return new Template(
        booted.save(), guest.init(), facts, booted.agent().nextOrder(), Optional.of(resident));
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
    LaunchPlan plan = orders.launch(kernel, spec, program(spec, image(spec.program())));
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
    SandboxLimits limits = spec.limits();
    return new VmmCell(
        spec.tenant(),
        name,
        new SandboxLimits(
            limits.cpuMaxMillis(),
            GuestMemory.machineBytes(limits, host.translationCacheMiB()),
            MACHINE_THREADS,
            MACHINE_DISK,
            limits.tuning()),
        spec.tenantLimits(),
        startMax);
  }

  @Override
  public void close() {
    try (programs) {
      host.close();
    }
  }
}
