package io.cordon.vm.kvm;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.MessageReader;
import io.cordon.process.kernel.MessageReader.Message;
import io.cordon.process.kernel.Signal;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.vm.kvm.Observation.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One run of a probe, in a process that can be killed. It has a platform thread of its own, for the
 * parent-death signal follows the thread that started the process; whoever waits never waits for
 * longer than the deadline and what a death takes.
 */
final class ProbeProcess {
  private static final String NAME = "cordon-kvm-probe";

  /** Above the descriptors that the process is given, so that no dup2 overwrites a source. */
  private static final int OUT_OF_THE_WAY = ProbePlan.GUEST_FILE + 1;

  /** A killed process is dead in far less, unless the kernel never lets go of it. */
  private static final Duration DYING = Duration.ofSeconds(1);

  private final Kernel kernel;
  private final byte[] program;
  private final Guest guest;
  private final CompletableFuture<Observation> done = new CompletableFuture<>();

  private final ReentrantLock lock = new ReentrantLock();
  private int pid; // while it is unreaped, else 0
  private boolean killed;

  /**
   * Creates a run, which is not started yet.
   *
   * @param program a compiled {@link ProbePlan}
   */
  ProbeProcess(Kernel kernel, byte[] program, Guest guest) {
    this.kernel = kernel;
    this.program = program.clone();
    this.guest = guest;
  }

  /** Runs it, once; at the deadline it is killed. */
  Observation run(Duration deadline) throws InterruptedException {
    Thread.ofPlatform().daemon().name(NAME).start(this::follow);
    try {
      return await(deadline);
    } catch (TimeoutException e) {
      kill();
    } catch (InterruptedException e) {
      kill(); // the thread that follows it reaps it
      throw e;
    }
    try {
      return await(DYING);
    } catch (TimeoutException e) {
      return new Observation(List.of(), new End.Unkillable());
    }
  }

  private Observation await(Duration time) throws InterruptedException, TimeoutException {
    try {
      return done.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return new Observation(List.of(), new End.NotStarted(String.valueOf(e.getCause())));
    }
  }

  private void kill() {
    lock.lock();
    try {
      killed = true;
      if (pid != 0) {
        kernel.kill(pid);
      }
    } finally {
      lock.unlock();
    }
  }

  private void follow() {
    try {
      done.complete(observe());
    } catch (SystemCallException e) {
      done.complete(new Observation(List.of(), new End.NotStarted(String.valueOf(e.getMessage()))));
    } catch (Throwable e) { // whoever waits must learn of it
      done.completeExceptionally(e);
    }
  }

  private Observation observe() {
    Descriptor[] channel = kernel.messageSocket();
    try (Descriptor hostEnd = channel[0]) {
      start(channel[1]);
      List<ProbeReport> reports = List.of();
      int status = 0;
      try {
        reports = listen(hostEnd);
      } catch (RuntimeException | Error e) {
        kill();
        throw e;
      } finally {
        status = reap();
      }
      return new Observation(reports, end(status));
    }
  }

  /** The other end must be nobody's but the process's, or its death would go unnoticed. */
  private void start(Descriptor otherEnd) {
    try (Descriptor end = kernel.moveUp(otherEnd, OUT_OF_THE_WAY);
        Descriptor file =
            kernel.moveUp(kernel.sealedFile("cordon-kvm-guest", guest.memory()), OUT_OF_THE_WAY);
        Descriptor elf = kernel.moveUp(kernel.sealedProgram(NAME, program), OUT_OF_THE_WAY)) {
      lock.lock();
      try {
        if (!killed) {
          // It closes its streams; until then they are nothing of this JVM's.
          pid = kernel.spawn(elf, NAME, List.of(end, end, end, end, file));
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Until no process has the other end. */
  private List<ProbeReport> listen(Descriptor hostEnd) {
    List<ProbeReport> reports = new ArrayList<>();
    try (MessageReader reader = new MessageReader(kernel, hostEnd, ProbeReport.MAX_BYTES)) {
      while (true) {
        Optional<Message> message = reader.read();
        if (message.isEmpty()) {
          return reports;
        }
        message.get().descriptors().forEach(Descriptor::close); // it sends none
        ProbeReport.read(message.get().data()).ifPresent(reports::add);
      }
    }
  }

  /** Returns the wait status, or what it must be where the kernel has thrown it away. */
  private int reap() {
    if (pid == 0) {
      return (int) Signal.SIGKILL.value(); // killed before it was started
    }
    try {
      kernel.awaitDeath(pid);
    } catch (SystemCallException e) {
      // ECHILD: this JVM was started with SIGCHLD ignored
    }
    lock.lock();
    try {
      return kernel.reap(pid);
    } catch (SystemCallException e) {
      return killed ? (int) Signal.SIGKILL.value() : 0; // see above
    } finally {
      pid = 0;
      lock.unlock();
    }
  }

  private End end(int waitStatus) {
    lock.lock();
    try {
      // It may have ended by itself when it was to be killed.
      boolean bySignal = (waitStatus & 0x7f) == Signal.SIGKILL.value(); // bits/waitstatus.h
      return killed && bySignal ? new End.Killed() : new End.Ended(waitStatus);
    } finally {
      lock.unlock();
    }
  }
}
