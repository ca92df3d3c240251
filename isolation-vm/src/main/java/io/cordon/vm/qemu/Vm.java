package io.cordon.vm.qemu;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.host.PrivateCache;
import io.cordon.vm.qemu.BootTimes.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * A micro-VM that is running, or has run. Closing it kills it and leaves nothing: no process, no
 * socket, no file. Safe for several threads.
 *
 * <pre>{@code
 * try (Vm vm = Vm.start(Qemu.find(), VmmLauncher.plain(), machine, guest, directory)) {
 *   vm.output().transferTo(System.out);
 *   GuestEnd end = vm.awaitEnd(Duration.ofSeconds(10)).orElseThrow();
 * }
 * }</pre>
 */
public final class Vm implements AutoCloseable {
  private static final Duration CONNECTING = Duration.ofSeconds(20);
  private static final Duration ANSWERING = Duration.ofSeconds(10);
  private static final Duration POWERING_OFF = Duration.ofSeconds(5);

  private static final Pattern PANIC = Pattern.compile("Kernel panic - not syncing: (.{1,200})");
  private static final Pattern INIT_ENDED =
      Pattern.compile("Attempted to kill init! exitcode=0x0000([0-9a-f]{2})00");

  private final Path directory;
  private final LaunchPlan init;
  private final VmmProcess process;
  private final SocketChannel stream;
  private final SocketChannel control;
  private final QmpClient monitor;
  private final BootTimes times;
  private final CompletableFuture<GuestEnd> end = new CompletableFuture<>();

  private Vm(
      Path directory,
      LaunchPlan init,
      VmmProcess process,
      SocketChannel stream,
      SocketChannel control,
      QmpClient monitor,
      BootTimes times) {
    this.directory = directory;
    this.init = init;
    this.process = process;
    this.stream = stream;
    this.control = control;
    this.monitor = monitor;
    this.times = times;
  }

  /**
   * Starts a machine; it boots when this returns.
   *
   * @param qemu what runs it
   * @param launcher how that is started
   * @param machine what it is like
   * @param guest what it boots
   * @param parent an existing directory in which it gets one of its own; a short path, since there
   *     are sockets in it
   * @throws SandboxException {@link ErrorCode#LAUNCH_FAILED} with QEMU's last words, if it ends at
   *     once or says nothing
   */
  public static Vm start(
      Qemu qemu, VmmLauncher launcher, Machine machine, Guest guest, Path parent) {
    BootTimes times = new BootTimes();
    Cleanup cleanup = new Cleanup();
    try {
      Path directory = Files.createTempDirectory(parent, "vm-"); // for its owner alone
      cleanup.add(() -> PrivateCache.delete(directory));
      Path initrd = directory.resolve("initrd");
      guest.writeInitrd(initrd);
      QemuCommand command =
          new QemuCommand(
              qemu.program(),
              machine,
              guest.kernel().image(),
              initrd,
              guest.root().file(),
              directory);
      try (Listeners listeners = new Listeners(directory, QemuCommand.SOCKETS)) {
        VmmProcess process = new VmmProcess(launcher.launch(command.arguments(), directory));
        cleanup.add(process::end);
        CompletableFuture<Process> patience =
            process
                .onExit()
                .orTimeout(CONNECTING.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ended, timeout) -> listeners.giveUp());
        try {
          SocketChannel stream = cleanup.add(listeners.accept(QemuCommand.STREAM));
          SocketChannel control = cleanup.add(listeners.accept(QemuCommand.CONTROL));
          SocketChannel socket = cleanup.add(listeners.accept(QemuCommand.MONITOR));
          QmpClient monitor = cleanup.add(QmpClient.open(socket, ANSWERING, event -> {}));
          times.reach(Phase.VMM_ANSWERS);
          patience.cancel(false);
          Vm vm = new Vm(directory, guest.init(), process, stream, control, monitor, times);
          Thread.ofVirtual().name("vm-" + process.pid()).start(vm::supervise);
          return vm;
        } catch (IOException e) {
          process.end();
          throw new SandboxException(
              ErrorCode.LAUNCH_FAILED,
              "%s did not start a machine: %s".formatted(qemu.program(), process.messages()),
              e);
        }
      }
    } catch (IOException e) {
      cleanup.close();
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "no machine can be started: " + e, e);
    } catch (RuntimeException e) {
      cleanup.close();
      throw e;
    }
  }

  /** What the program reads. */
  public OutputStream input() {
    return Channels.newOutputStream(stream);
  }

  /** What the program writes, on both of its outputs; ends when the machine does. */
  public InputStream output() {
    return Channels.newInputStream(stream);
  }

  /** The end of what the guest's kernel said, for a diagnosis; not to be trusted. */
  public String console() {
    return process.console();
  }

  /** QEMU's monitor. */
  public QmpClient monitor() {
    return monitor;
  }

  /** The process of the machine. */
  public long pid() {
    return process.pid();
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
    process.kill();
  }

  private void supervise() {
    try {
      Optional<GuestEnd> told = readReports();
      if (told.isPresent() && !process.await(POWERING_OFF.toMillis())) {
        process.kill(); // it has told how it ended, and need not go on
      }
      int status = process.await();
      times.reach(Phase.VMM_GONE);
      end.complete(told.orElseGet(() -> untold(status)));
    } catch (InterruptedException e) {
      process.kill();
      end.complete(new GuestEnd.Killed());
    } catch (RuntimeException e) {
      process.kill();
      end.completeExceptionally(e);
    }
  }

  /** Until the end is told; empty if the port is closed before. */
  private Optional<GuestEnd> readReports() {
    ControlPort port = new ControlPort(Channels.newInputStream(control));
    try {
      while (true) {
        Optional<Report> report = port.next();
        if (report.isEmpty()) {
          return Optional.empty();
        }
        switch (report.get()) {
          case Report.Alive() -> times.reach(Phase.INIT_RUNS);
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
      if (process.wasKilled()) {
        return Optional.empty();
      }
      process.kill();
      return Optional.of(new GuestEnd.Misbehaved(String.valueOf(e.getMessage())));
    }
  }

  private GuestEnd untold(int status) {
    if (process.wasKilled()) {
      return new GuestEnd.Killed();
    }
    String said = process.console();
    Matcher ended = INIT_ENDED.matcher(said);
    if (ended.find()) {
      int step = Integer.parseInt(ended.group(1), 16);
      return new GuestEnd.StepFailed(stepName(step), "unknown");
    }
    Matcher panic = PANIC.matcher(said);
    return panic.find()
        ? new GuestEnd.Panicked(panic.group(1))
        : new GuestEnd.VmmDied(status, process.messages());
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
    process.end();
    monitor.close();
    Cleanup.quietly(stream);
    Cleanup.quietly(control);
    try {
      PrivateCache.delete(directory);
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.CLEANUP_FAILED, directory + " can't be removed: " + e, e);
    }
  }
}
