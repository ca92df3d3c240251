package io.cordon.vm;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.sandbox.spi.Cell;
import io.cordon.vm.agent.FramedInput;
import io.cordon.vm.agent.GuestAgent;
import io.cordon.vm.agent.GuestCounters;
import io.cordon.vm.agent.OrderListener;
import io.cordon.vm.agent.Orders;
import io.cordon.vm.guest.AgentInit;
import io.cordon.vm.qemu.Port;
import io.cordon.vm.qemu.SavedMachine;
import io.cordon.vm.qemu.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A machine whose guest takes orders. Safe for several threads. */
final class GuestMachine {
  private static final Port CONTROL = new Port(AgentInit.CONTROL, "control");
  private static final Port STDIN = new Port(AgentInit.STDIN, "stdin");
  private static final Port STDOUT = new Port(AgentInit.STDOUT, "stdout");
  private static final Port STDERR = new Port(AgentInit.STDERR, "stderr");

  /** The ports that such a machine has. */
  static final List<Port> PORTS = List.of(CONTROL, STDIN, STDOUT, STDERR);

  /** How long one that says nothing more may take to end. */
  static final Duration ENDING = Duration.ofSeconds(5);

  private final VirtualMachine machine;
  private final GuestAgent agent;
  private final Orders orders;
  private final Renewals renewals;
  private final String name;
  private final SandboxLimits.Disk disk;
  private final InputStream stdout;
  private final InputStream stderr;
  private volatile CompletableFuture<Boolean> renewing = CompletableFuture.completedFuture(true);

  /**
   * Takes a machine over.
   *
   * @param name the guest's
   * @param disk what a user of its scratch disk may use
   * @param init the plan that its first process follows
   * @param firstOrder the number of the first order
   */
  GuestMachine(
      VirtualMachine machine,
      String name,
      SandboxLimits.Disk disk,
      Elf elf,
      Orders orders,
      Renewals renewals,
      LaunchPlan init,
      int firstOrder) {
    this.machine = machine;
    this.name = name;
    this.disk = disk;
    this.orders = orders;
    this.renewals = renewals;
    var control = machine.port(CONTROL.name());
    this.agent = new GuestAgent(control.input(), control.output(), elf, init, firstOrder);
    this.stdout = new FramedInput(machine.port(STDOUT.name()).input());
    this.stderr = new FramedInput(machine.port(STDERR.name()).input());
  }

  /** Hears what the guest says, on a thread of its own. */
  void listen() {
    Thread.ofPlatform().daemon().name("cordon-guest-" + name).start(agent::serve);
  }

  GuestAgent agent() {
    return agent;
  }

  /** The cell of the host that the machine's process is in. */
  Cell confinement() {
    return machine.cell();
  }

  OutputStream stdin() {
    return machine.port(STDIN.name()).output();
  }

  InputStream stdout() {
    return stdout;
  }

  InputStream stderr() {
    return stderr;
  }

  /** What its kernel has counted, when it comes to say so. */
  CompletableFuture<GuestCounters> count() {
    return agent.count(orders.count(), disk);
  }

  CompletableFuture<GuestCounters> count(Duration atMost) {
    return count().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Has its kernel hold the cell to other limits. */
  void limit(SandboxLimits limits, Duration atMost) throws IOException {
    await(agent.follow(orders.limit(limits)), atMost);
  }

  /** Has the cell give back its memory above this. Returns how much it has then. */
  long reclaim(long bytes, Duration atMost) throws IOException {
    await(agent.follow(orders.reclaim(bytes)), atMost);
    return await(count(), atMost).memoryCurrent().orElse(Long.MAX_VALUE);
  }

  byte[] readFile(String file, long maxBytes, Duration atMost) throws IOException {
    LaunchPlan plan = orders.readFile(file, maxBytes);
    return await(agent.readFile(plan, file, maxBytes), atMost);
  }

  /** Renews it, and runs an order on its streams after that: what can't be renewed, goes down. */
  void renewAndRun(LaunchPlan plan, List<byte[]> files, OrderListener listener) {
    var _ = agent.renew(renewals.of(name)); // in order, and the order hears of a failure
    agent.runOnStreams(plan, files, listener);
  }

  /**
   * Has it renewed when it goes on: before that nobody in it runs, for it was held when it was
   * saved. If that does not succeed in time, nothing of it is to go on.
   */
  void renewOrDie(Duration atMost) {
    renewing =
        agent
            .renew(renewals.of(name))
            .orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
            .handle(
                (done, failure) -> {
                  if (failure != null) {
                    kill();
                  }
                  return failure == null;
                });
  }

  /** Makes it differ from all other clones of its template, and sets its clock. */
  void renew(Duration atMost) throws IOException {
    await(agent.renew(renewals.of(name)), atMost);
  }

  /** Not ended by an interrupt: the guest has its order, and is of no more use half changed. */
  private static <T> T await(CompletableFuture<T> answer, Duration atMost) throws IOException {
    try {
      return answer.copy().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException late) {
        throw new IOException("the guest does not answer", late);
      }
      if (e.getCause() instanceof IOException reason) {
        throw reason;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Stops its processor; but not before it is renewed, for the time that it is told then is now.
   */
  void pause() throws IOException {
    renewing.join();
    machine.pause();
  }

  /** Lets its processor go on, or begin. */
  void go() throws IOException {
    machine.go();
  }

  void kill() {
    machine.kill();
  }

  /** Ends it, and keeps what clones start from. */
  SavedMachine save() {
    return machine.save();
  }

  /** Completes when nothing of it runs any more. */
  CompletableFuture<MachineEnd> ended() {
    return machine
        .exit()
        .thenApply(exit -> new MachineEnd(exit.how(), exit.console(), exit.messages()));
  }

  /** How it ended, which is of its own accord if it does so in a moment. */
  MachineEnd end() {
    CompletableFuture<MachineEnd> ended = ended();
    return ended
        .copy()
        .<Optional<MachineEnd>>thenApply(Optional::of)
        .completeOnTimeout(Optional.empty(), ENDING.toMillis(), TimeUnit.MILLISECONDS)
        .join()
        .orElseGet(
            () -> {
              kill();
              return ended.join();
            });
  }

  /** Kills it, and leaves nothing of it. */
  void close() {
    machine.close();
  }
}
