package io.cordon.vm;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.plan.Report;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.vm.agent.GuestCounters;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A cell in a guest of its own, whose program is executing, or has ended. */
final class VmCell implements Cell {
  // The guest's kernel answers in milliseconds; one that doesn't is not waited for.
  private static final Duration COUNTING = Duration.ofSeconds(10);
  private static final Duration ANSWERING = Duration.ofSeconds(1);
  private static final Duration RENEWING = Duration.ofSeconds(10);
  private static final Duration READING = Duration.ofSeconds(60);

  private final GuestMachine machine;
  private final InputStream stdout;
  private final List<Layer> layers;
  private final Consumer<VmCell> farewell;
  private final CompletableFuture<CellExit> exit;
  private final GuestMeter meter;
  private final LiveLimits limits;

  /** What it took to launch the machine, which the program has not used. */
  private final CellCounters launch;

  private volatile boolean ranOutOfMemory;
  private volatile boolean killed;
  private volatile boolean paused;
  private volatile Optional<String> disobeyed = Optional.empty();

  /**
   * A cell of a machine.
   *
   * @param run what the guest tells of it
   * @param meter of its guest
   * @param limits that it is held to
   * @param stdout what the program writes, from its first byte on
   * @param farewell is told when nothing is left of it
   */
  VmCell(
      GuestMachine machine,
      CellRun run,
      GuestMeter meter,
      LiveLimits limits,
      InputStream stdout,
      List<Layer> layers,
      Consumer<VmCell> farewell) {
    this.machine = machine;
    this.launch = machine.confinement().counters();
    this.meter = meter;
    this.limits = limits;
    this.stdout = stdout;
    this.layers = List.copyOf(layers);
    this.farewell = farewell;
    this.exit =
        run.whenEnded()
            .thenCompose(this::count)
            .thenApply(this::ofGuest)
            .exceptionallyCompose(this::ofLost);
  }

  /** What it is in. */
  GuestMachine machine() {
    return machine;
  }

  /** Now that nothing in it runs any more, and no figure changes. */
  private CompletableFuture<Optional<Report.Ended>> count(Optional<Report.Ended> told) {
    return machine
        .count(COUNTING)
        .handle(
            (counters, failure) -> {
              if (counters != null) {
                meter.conclude(counters);
              }
              return told;
            });
  }

  private CellExit ofGuest(Optional<Report.Ended> told) {
    if (told.isEmpty()) { // its init was killed: by the guest's kernel, for want of memory
      return killed || meter.counters().memoryKills() > 0 ? new CellExit.Killed() : withoutMemory();
    }
    int status = told.get().waitStatus(); // bits/waitstatus.h
    int signal = status & 0x7f;
    if (signal == 0) {
      return new CellExit.Exited(status >> 8 & 0xff);
    }
    return killed ? new CellExit.Killed() : new CellExit.Signaled(signal);
  }

  /** It was not the cell's own {@code memory.max} that was met. */
  private CellExit withoutMemory() {
    ranOutOfMemory = true;
    return new CellExit.Broke(
        CellExit.Part.GUEST_KERNEL,
        0,
        "the guest's kernel had too little memory of its own, and killed the cell for it");
  }

  /** A guest that is gone takes its machine along; one that was taken over may go on for ever. */
  private CompletableFuture<CellExit> ofLost(Throwable lost) {
    CompletableFuture<MachineEnd> end = machine.ended();
    return end.copy()
        .<Optional<MachineEnd>>thenApply(Optional::of)
        .completeOnTimeout(Optional.empty(), GuestMachine.ENDING.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(
            inTime -> {
              if (inTime.isPresent()) {
                return CompletableFuture.completedFuture(ofMachine(inTime.get(), lost));
              }
              boolean byUs = killed;
              machine.kill();
              return end.thenApply(late -> byUs ? new CellExit.Killed() : ofStranger(lost));
            });
  }

  private static CellExit ofStranger(Throwable lost) {
    Throwable reason =
        lost instanceof CompletionException && lost.getCause() != null ? lost.getCause() : lost;
    return new CellExit.Broke(
        CellExit.Part.GUEST_KERNEL,
        0,
        "the guest was killed, for it went on without its protocol: " + reason.getMessage());
  }

  private CellExit ofMachine(MachineEnd end, Throwable lost) {
    ranOutOfMemory = end.ranOutOfMemory();
    CellCounters host = machine.confinement().counters();
    long memoryKills = host.memoryKills() + host.tenant().memoryKills();
    CellExit exit = end.exit(killed, memoryKills, lost);
    return exit instanceof CellExit.Killed && !killed && memoryKills == 0 && disobeyed.isPresent()
        ? new CellExit.Broke(CellExit.Part.VIRTUAL_MACHINE, 0, disobeyed.get())
        : exit;
  }

  @Override
  public OutputStream stdin() {
    return machine.stdin();
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  @Override
  public InputStream stderr() {
    return machine.stderr();
  }

  @Override
  public String tier() {
    return machine.confinement().tier();
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public CompletableFuture<CellExit> exit() {
    return exit.copy();
  }

  /**
   * Time, the machine's memory and what is the tenant's by the host's kernel; the rest by the
   * guest's: the cell's own memory once it has ended, and what it is denied as far as it was asked.
   */
  @Override
  public CellCounters counters() {
    CellCounters host = machine.confinement().counters();
    meter.refresh();
    GuestCounters guest = meter.counters();
    boolean guestKilled = guest.memoryKills() > 0 || ranOutOfMemory;
    return new CellCounters(
        host.cpuUserNanos() - launch.cpuUserNanos(),
        host.cpuSystemNanos() - launch.cpuSystemNanos(),
        guest.memoryCurrent().isPresent() ? guest.memoryCurrent() : host.memoryCurrent(),
        guest.memoryPeak().isPresent() ? guest.memoryPeak() : host.memoryPeak(),
        host.memoryKills() + (guestKilled ? Math.max(1, guest.memoryKills()) : 0),
        host.memoryKills() == 0 && guestKilled ? Evidence.GUEST : host.memoryEvidence(),
        guest.pidsCurrent(),
        guest.pidsDenied(),
        Evidence.GUEST,
        guest.diskBytes(),
        guest.diskInodes(),
        Evidence.GUEST,
        host.flow(),
        host.tenant());
  }

  @Override
  public boolean tellsWhenAsked() {
    return meter.looksWhenAsked();
  }

  @Override
  public Optional<CellCounters> inquire() {
    return meter.ask(ANSWERING) ? Optional.of(counters()) : Optional.empty();
  }

  @Override
  public CellCounters.Denials denials() {
    return new CellCounters.Denials(
        meter.counters().pidsDenied(), machine.confinement().denials().ofTenant());
  }

  @Override
  public void pause() {
    live(machine::pause);
    paused = true;
  }

  /** With its clock set, which has stood still meanwhile. */
  @Override
  public void resume() {
    live(
        () -> {
          machine.go();
          machine.renew(RENEWING);
        });
    paused = false;
  }

  /** A guest that stands still obeys nobody. */
  @Override
  public synchronized void resize(SandboxLimits wanted) {
    if (paused) {
      throw new SandboxException(
          ErrorCode.NOT_LIVE, "the limits of a paused micro-VM can't be changed: resume it first");
    }
    if (exit.isDone()) {
      throw new SandboxException(ErrorCode.CLOSED, "the cell is closed");
    }
    limits.change(wanted);
  }

  /** An emulated guest takes 3 % of a processor when it does nothing. */
  @Override
  public void rest() {
    pause();
  }

  @Override
  public void wake() {
    resume();
  }

  private interface Change {
    void make() throws IOException;
  }

  /** A machine that doesn't obey is of no more use. */
  private void live(Change change) {
    try {
      change.make();
    } catch (IOException e) {
      disobeyed = Optional.of("the micro-VM was killed, for it did not obey: " + e.getMessage());
      machine.kill();
    }
  }

  @Override
  public void kill() {
    killed = true;
    machine.kill();
  }

  @Override
  public byte[] readFile(String name, long maxBytes) throws IOException {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new IOException("'" + name + "' is no plain file name");
    }
    return machine.readFile(name, maxBytes, READING);
  }

  @Override
  public void close() {
    kill();
    exit.handle((ended, failure) -> ended).join();
    try {
      machine.close();
    } finally {
      farewell.accept(this);
    }
  }
}
