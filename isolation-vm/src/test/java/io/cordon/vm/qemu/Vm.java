package io.cordon.vm.qemu;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.guest.GuestInit;
import io.cordon.vm.qemu.BootTimes.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A micro-VM that runs one program, or has run it, and ends with it. Closing it kills it and leaves
 * nothing. Safe for several threads.
 *
 * <pre>{@code
 * try (Vm vm = Vm.start(vmm, cell, machine, guest)) {
 *   vm.output().transferTo(System.out);
 *   GuestEnd end = vm.awaitEnd(Duration.ofSeconds(10)).orElseThrow();
 * }
 * }</pre>
 */
public final class Vm implements AutoCloseable {
  private static final Duration POWERING_OFF = Duration.ofSeconds(5);

  private static final Port STREAM = new Port(GuestInit.STREAM_PORT, "stream");
  private static final Port CONTROL = new Port(GuestInit.CONTROL_PORT, "control");

  private static final Pattern PANIC = Pattern.compile("Kernel panic - not syncing: (.{1,200})");
  private static final Pattern INIT_ENDED =
      Pattern.compile("Attempted to kill init! exitcode=0x0000([0-9a-f]{2})00");

  private final LaunchPlan init;
  private final VirtualMachine machine;
  private final BootTimes times;
  private final CompletableFuture<GuestEnd> end = new CompletableFuture<>();
  private volatile boolean killed;

  private Vm(LaunchPlan init, VirtualMachine machine, BootTimes times) {
    this.init = init;
    this.machine = machine;
    this.times = times;
  }

  /**
   * Starts a machine; it boots when this returns.
   *
   * @param vmm what runs it
   * @param where the cell that its QEMU is put into
   * @param machine what it is like
   * @param guest what it boots
   * @throws SandboxException as {@link Vmm#boot} does
   */
  public static Vm start(Vmm vmm, VmmCell where, Machine machine, Guest guest) {
    BootTimes times = new BootTimes();
    Hardware hardware =
        new Hardware(machine, List.of(STREAM, CONTROL), List.of(guest.root().file()));
    VirtualMachine started = vmm.boot(where, hardware, guest.kernel().image(), guest.initrd());
    times.reach(Phase.VMM_ANSWERS);
    Vm vm = new Vm(guest.init(), started, times);
    Thread.ofPlatform().daemon().name("cordon-vm-" + where.name()).start(vm::supervise);
    return vm;
  }

  /** What the program reads; closing it ends the stream in both directions. */
  public OutputStream input() {
    return machine.port(STREAM.name()).output();
  }

  /**
   * What the program writes, on both of its outputs; ends when the machine does. What fits into no
   * buffer of the host's is in the guest's until it is read, and is lost with it: a program that
   * writes more than 64 KiB must not end before.
   */
  public InputStream output() {
    return machine.port(STREAM.name()).input();
  }

  /** The end of what the guest's kernel said, for a diagnosis; not to be trusted. */
  public String console() {
    return machine.console();
  }

  /** The machine itself. */
  public VirtualMachine machine() {
    return machine;
  }

  /** When it reached what. */
  public BootTimes times() {
    return times;
  }

  /** Waits for the guest's end; empty if it doesn't come in time. */
  public Optional<GuestEnd> awaitEnd(Duration atMost) throws InterruptedException {
    try {
      return Optional.of(end.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Kills the machine, whatever it is doing. */
  public void kill() {
    killed = true;
    machine.kill();
  }

  private void supervise() {
    try {
      Optional<GuestEnd> told = readReports();
      if (told.isPresent()) { // it has told how it ended, and need not go on
        machine.exit().completeOnTimeout(null, POWERING_OFF.toMillis(), MILLISECONDS).join();
        machine.kill();
      }
      VmmExit exit = machine.exit().join();
      times.reach(Phase.VMM_GONE);
      end.complete(told.orElseGet(() -> untold(exit)));
    } catch (RuntimeException e) {
      machine.kill();
      end.completeExceptionally(e);
    }
  }

  /** Until the end is told; empty if the port is closed before. */
  private Optional<GuestEnd> readReports() {
    ControlPort port = new ControlPort(machine.port(CONTROL.name()).input());
    try {
      while (true) {
        Optional<Report> report = port.next();
        if (report.isEmpty()) {
          return Optional.empty();
        }
        switch (report.get()) {
          case Report.Alive() -> times.reach(Phase.INIT_RUNS);
          case Report.Reborn() -> {} // the first process of a guest is there from the beginning
          case Report.Ready() -> {} // nor is its program a workload that says so
          case Report.Executing() -> times.reach(Phase.PROGRAM_RUNS);
          case Report.Failed(int step, int errno) -> {
            return Optional.of(new GuestEnd.StepFailed(stepName(step), Errno.nameOf(errno)));
          }
          case Report.Ended(int status, long user, long system, long resident) -> {
            times.reach(Phase.PROGRAM_ENDED);
            return Optional.of(new GuestEnd.Ended(status, user, system, resident));
          }
        }
      }
    } catch (IOException e) {
      if (killed) {
        return Optional.empty();
      }
      machine.kill();
      return Optional.of(new GuestEnd.Misbehaved(String.valueOf(e.getMessage())));
    }
  }

  private GuestEnd untold(VmmExit exit) {
    if (exit.killed()) {
      return new GuestEnd.Killed();
    }
    Matcher ended = INIT_ENDED.matcher(exit.console());
    if (ended.find()) {
      int step = Integer.parseInt(ended.group(1), 16);
      return new GuestEnd.StepFailed(stepName(step), "unknown");
    }
    Matcher panic = PANIC.matcher(exit.console());
    return panic.find()
        ? new GuestEnd.Panicked(panic.group(1))
        : new GuestEnd.VmmDied(exit.status(), exit.messages());
  }

  /** The guest says which; it may say anything. */
  private String stepName(int index) {
    List<Step> steps = init.steps();
    return index >= 0 && index < steps.size() && steps.get(index) instanceof Step.Call call
        ? call.layer() + ": " + call.name()
        : "no step of its plan: " + index;
  }

  /** Kills the machine if it runs, and removes all that it had. */
  @Override
  public void close() {
    kill();
    machine.close();
  }
}
