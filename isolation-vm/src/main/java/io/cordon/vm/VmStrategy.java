package io.cordon.vm;

import io.cordon.policy.TenantLimits;
import io.cordon.process.CloseAll;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.OuterLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Cells in guests of their own. */
final class VmStrategy implements IsolationStrategy {
  static final String NAME = "vm";

  private final VmWorkshop workshop;
  private final Templates templates;
  private final Set<VmCell> cells = ConcurrentHashMap.newKeySet();

  // Held for reading by launches, for writing by who closes the strategy.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  VmStrategy(VmWorkshop workshop) {
    this.workshop = workshop;
    this.templates = new Templates(workshop);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StrategyReport report() {
    return workshop.report();
  }

  @Override
  public boolean usesStartupCaches() {
    return false; // they hold code for the host's processor
  }

  @Override
  public List<String> explain(CellSpec spec) {
    return workshop.explain(spec);
  }

  @Override
  public OuterLimits outerLimits() {
    return workshop.outerLimits();
  }

  @Override
  public CompletableFuture<Void> prepare(CellSpec spec) {
    return templates.get(spec).thenApply(made -> null);
  }

  /** What such cells are cloned from, which is made now if there is none. */
  Template template(CellSpec spec) {
    return templates.require(spec);
  }

  @Override
  public VmCell launch(CellSpec spec) {
    Template template = templates.require(spec); // maybe for minutes, in which this may be closed
    open.readLock().lock();
    try {
      if (closed) {
        throw new SandboxException(ErrorCode.CLOSED, "the vm strategy is closed");
      }
      return launch(spec, template);
    } finally {
      open.readLock().unlock();
    }
  }

  private VmCell launch(CellSpec spec, Template template) {
    long deadline = System.nanoTime() + spec.startMax().toNanos();
    GuestMachine machine = workshop.clone(template, spec);
    try {
      CellRun run = begin(machine, template, spec, deadline);
      VmCell cell =
          new VmCell(
              machine,
              run,
              meter(machine, spec),
              new LiveLimits(machine, spec.limits(), workshop.machineLimits(spec.limits())),
              stdout(machine, template),
              layers(),
              cells::remove);
      cells.add(cell);
      return cell;
    } catch (IOException e) {
      machine.close();
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "a clone does not start: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      machine.close();
      throw e;
    }
  }

  private CellRun begin(GuestMachine machine, Template template, CellSpec spec, long deadline)
      throws IOException {
    if (template.resident().isPresent()) {
      Template.Resident resident = template.resident().get();
      CellRun run = new CellRun(spec, resident.plan());
      machine.agent().adopt(resident.order(), run);
      machine.listen();
      machine.renewOrDie(left(deadline));
      machine.go();
      return run;
    }
    machine.listen();
    machine.go();
    try {
      return executing(
          spec, deadline, () -> workshop.order(machine, template.kernel(), spec), machine::kill);
    } catch (GuestLostException e) {
      MachineEnd end = machine.end();
      CellCounters used = machine.confinement().counters();
      throw end.beforeExecuting(spec, used.memoryKills(), used.tenant().memoryKills(), e);
    }
  }

  /**
   * Gives an order, and waits until its program executes. To give it may block for as long as the
   * guest likes, so that is ended at the deadline.
   *
   * @param kill ends the guest
   * @throws GuestLostException if the guest is gone before
   */
  static CellRun executing(CellSpec spec, long deadline, Supplier<CellRun> order, Runnable kill)
      throws GuestLostException {
    try (Deadline startMax = new Deadline(left(deadline), kill)) {
      CellRun run = order.get();
      await(run, spec, deadline, startMax);
      return run;
    }
  }

  private static void await(CellRun run, CellSpec spec, long deadline, Deadline startMax)
      throws GuestLostException {
    try {
      run.executing().get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
      if (!startMax.met()) {
        throw new TimeoutException("executing, but killed already");
      }
    } catch (TimeoutException e) {
      throw tookTooLong(spec, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "the launch was interrupted", e);
    } catch (ExecutionException e) {
      if (!startMax.met()) { // that is what became of the guest
        throw tookTooLong(spec, e);
      }
      switch (e.getCause()) {
        case SandboxException reason -> throw reason;
        case GuestLostException lost -> throw lost;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static SandboxException tookTooLong(CellSpec spec, Exception cause) {
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED,
        "the launch took longer than start.max of %d ms".formatted(spec.startMax().toMillis()),
        cause);
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }

  private static GuestMeter meter(GuestMachine machine, CellSpec spec) {
    return switch (spec.program()) {
      case Program.Native oneTask -> GuestMeter.whileItRuns(machine);
      case Program.Jvm worker -> GuestMeter.whenAsked(machine);
    };
  }

  private static InputStream stdout(GuestMachine machine, Template template) {
    return template
        .resident()
        .<InputStream>map(
            resident ->
                new SequenceInputStream(
                    new ByteArrayInputStream(resident.greeting().bytes()), machine.stdout()))
        .orElseGet(machine::stdout);
  }

  private List<Layer> layers() {
    return workshop.report().layers();
  }

  /** Whether a program is waited for before its guest is saved. */
  static boolean isResident(CellSpec spec) {
    return spec.inputs().isEmpty()
        && spec.program() instanceof Program.Jvm jvm
        && jvm.greeting().isPresent();
  }

  @Override
  public void limit(String tenant, TenantLimits total) {
    workshop.limit(tenant, total);
  }

  @Override
  public void close() {
    open.writeLock().lock(); // when no launch is under way
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      open.writeLock().unlock();
    }
    try (workshop;
        templates) {
      new CloseAll(cells).run();
    }
  }
}
