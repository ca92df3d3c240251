package io.cordon.vm.qemu;

import io.cordon.process.ConfinedProgram;
import io.cordon.process.ConfinedPrograms;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.StreamSocket;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.seccomp.Profile;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.vm.disk.ScratchDisk;
import io.cordon.vm.host.FileDigests;
import io.cordon.vm.kvm.KvmProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs virtual machines, each by a QEMU in a cell of its own. Safe for several threads.
 *
 * <p>A machine is booted, brought to where others are to start from, and saved; then any number of
 * others go on from there, with the saved memory as theirs until they write to it, and a copy of
 * the scratch disk:
 *
 * <pre>{@code
 * Vmm vmm = new Vmm(programs, Qemu.find());
 * SavedMachine saved;
 * try (VirtualMachine template = vmm.boot(cell, hardware, kernel, initrd)) {
 *   template.port("control").input().read();      // it says that it is ready, and is quiet
 *   saved = template.save();
 * }
 * try (VirtualMachine clone = vmm.resume(cell, saved)) {
 *   clone.go();
 *   clone.port("stdout").input().transferTo(System.out);
 * }
 * }</pre>
 */
public final class Vmm {
  private final ConfinedPrograms programs;
  private final Qemu qemu;
  private final QemuFiles files;
  private final TemplateKeys keys;

  /**
   * Creates it.
   *
   * @param programs launches the cells; the caller closes it, which kills every machine
   * @param qemu what runs the machines
   */
  public Vmm(ConfinedPrograms programs, Qemu qemu) {
    this.programs = programs;
    this.qemu = qemu;
    this.files = QemuFiles.of(qemu.program());
    this.keys = new TemplateKeys(qemu, files.parts(), new FileDigests());
  }

  /** What runs the machines. */
  public Qemu qemu() {
    return qemu;
  }

  /** The keys of the machines that it saves. */
  public TemplateKeys keys() {
    return keys;
  }

  /**
   * Starts a machine; it boots when this returns.
   *
   * @param where the cell that its QEMU is put into
   * @param hardware what it is built of
   * @param kernel the kernel's image
   * @param initrd the initial ram disk
   * @throws SandboxException {@link ErrorCode#LAUNCH_FAILED} with QEMU's last words, if it ends at
   *     once or says nothing; or with the reason that its cell can't be launched
   */
  public VirtualMachine boot(VmmCell where, Hardware hardware, Path kernel, byte[] initrd) {
    return boot(where, hardware, Optional.empty(), kernel, initrd);
  }

  /**
   * Starts a machine with a scratch disk; it boots when this returns.
   *
   * @param where the cell that its QEMU is put into
   * @param hardware what it is built of
   * @param scratch what it may write to, which is the machine's from now on, to be closed with it
   * @param kernel the kernel's image
   * @param initrd the initial ram disk
   * @throws SandboxException as {@link #boot(VmmCell, Hardware, Path, byte[])} does
   */
  public VirtualMachine boot(
      VmmCell where, Hardware hardware, ScratchDisk scratch, Path kernel, byte[] initrd) {
    return boot(where, hardware, Optional.of(scratch), kernel, initrd);
  }

  private VirtualMachine boot(
      VmmCell where, Hardware hardware, Optional<ScratchDisk> scratch, Path kernel, byte[] initrd) {
    try (Cleanup cleanup = new Cleanup()) {
      VirtualMachine machine = cleanup.add(startBoot(where, hardware, scratch, kernel, initrd));
      machine.awaitVmm(where.startMax());
      cleanup.release();
      return machine;
    }
  }

  /** When this returns, QEMU alone has its ends of the sockets, which tell of its death then. */
  private VirtualMachine startBoot(
      VmmCell where, Hardware hardware, Optional<ScratchDisk> scratch, Path kernel, byte[] initrd) {
    Kernel host = programs.kernel();
    try (Carried carried = new Carried(host);
        Cleanup cleanup = new Cleanup()) {
      scratch.ifPresent(cleanup::add);
      long bytes = scratch.map(ScratchDisk::bytes).orElse(0L);
      if (bytes != hardware.scratchBytes().orElse(0)) {
        throw new IllegalArgumentException("a scratch disk of " + bytes + " for " + hardware);
      }
      Descriptor memory =
          cleanup.add(host.memory("guest-memory", hardware.machine().memoryBytes()));
      int memoryNumber = carried.share(memory);
      // As files in memory: their modes on the disk are no matter, and nor is what becomes of them.
      int kernelNumber = carried.handOver(host.sealedFile("kernel", Files.readAllBytes(kernel)));
      int initrdNumber = carried.handOver(host.sealedFile("initrd", initrd));
      Migration leaving = new Migration();
      VirtualMachine machine =
          start(
              where,
              hardware,
              new QemuCommand.Start.Boot(kernelNumber, initrdNumber),
              memoryNumber,
              scratch,
              carried,
              leaving,
              qmp -> {});
      machine.keepForSaving(memory, scratch, leaving);
      cleanup.release();
      return machine;
    } catch (SystemCallException | IOException e) {
      throw impossible(e);
    }
  }

  /**
   * Starts a machine that goes on from a saved one. It is paused when this returns: see {@link
   * VirtualMachine#go}.
   *
   * @param where the cell that its QEMU is put into
   * @param saved what it goes on from
   * @throws SandboxException as {@link #boot} does; {@link ErrorCode#CLOSED} if the saved machine
   *     is
   */
  public VirtualMachine resume(VmmCell where, SavedMachine saved) {
    Migration coming = new Migration();
    try (Cleanup cleanup = new Cleanup()) {
      VirtualMachine machine = cleanup.add(startResumption(where, saved, coming));
      machine.awaitArrival(coming, where.startMax());
      cleanup.release();
      return machine;
    }
  }

  /** When this returns, QEMU alone has its ends of the sockets, as after {@link #startBoot}. */
  private VirtualMachine startResumption(VmmCell where, SavedMachine saved, Migration coming) {
    Kernel host = programs.kernel();
    try (Carried carried = new Carried(host);
        Cleanup own = new Cleanup()) { // what is QEMU's alone once it runs
      int memory = carried.handOver(saved.openMemory(host));
      int state = carried.handOver(saved.openState(host));
      Optional<ScratchDisk> scratch = saved.copyScratch();
      scratch.ifPresent(own::add);
      return start(
          where,
          saved.hardware(),
          new QemuCommand.Start.Resume(),
          memory,
          scratch,
          carried,
          coming,
          qmp -> coming.from(qmp, state));
    } catch (SystemCallException e) {
      throw impossible(e);
    }
  }

  /** What QEMU finds on its monitor when it comes there. */
  @FunctionalInterface
  private interface FirstWords {
    void say(QmpClient qmp) throws IOException;
  }

  private VirtualMachine start(
      VmmCell where,
      Hardware hardware,
      QemuCommand.Start start,
      int memory,
      Optional<ScratchDisk> scratch,
      Carried carried,
      Migration migration,
      FirstWords words) {
    try (Cleanup cleanup = new Cleanup()) {
      StreamSocket monitor = cleanup.add(carried.connect());
      int monitorNumber = carried.last();
      QmpClient qmp = cleanup.add(QmpClient.over(monitor, migration::hear));
      words.say(qmp);
      Map<String, StreamSocket> ports = new LinkedHashMap<>();
      for (Port port : hardware.ports()) {
        ports.put(port.name(), cleanup.add(carried.connect()));
      }
      for (Path disk : hardware.disks()) {
        carried.handOver(programs.kernel().openFile(disk));
      }
      scratch.ifPresent(disk -> carried.share(disk.file()));
      QemuCommand command =
          new QemuCommand(
              qemu.program(), hardware, start, memory, monitorNumber, monitorNumber + 1);
      Cell cell = programs.launch(program(where, command, carried));
      cleanup.release();
      return new VirtualMachine(programs.kernel(), hardware, cell, qmp, ports);
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  private ConfinedProgram program(VmmCell where, QemuCommand command, Carried carried) {
    boolean hardware = command.hardware().machine().accelerator() instanceof Accelerator.Kvm;
    return new ConfinedProgram(
        where.tenant(),
        where.name(),
        command.arguments(),
        files.environment(),
        hardware ? files.with(KvmProbe.DEVICE) : files.shown(),
        carried.all(),
        // So that a QEMU that was taken over can't make its scratch disk any larger.
        Math.max(where.limits().disk().bytes(), command.hardware().scratchBytes().orElse(0)),
        hardware ? Profile.KVM_VMM : Profile.VMM,
        where.limits(),
        where.tenantLimits(),
        where.startMax());
  }

  private static SandboxException impossible(Exception e) {
    return new SandboxException(ErrorCode.LAUNCH_FAILED, "no machine can be started: " + e, e);
  }
}
