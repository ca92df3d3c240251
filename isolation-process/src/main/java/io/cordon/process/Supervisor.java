package io.cordon.process;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.MessageReader;
import io.cordon.process.kernel.MessageReader.Message;
import io.cordon.process.kernel.Signal;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.Report;
import io.cordon.sandbox.spi.CellExit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts one cell and follows it to its end, on a thread that until then is its alone: waiting
 * blocks, and the parent-death signal follows the thread that started a process (prctl(2)), which
 * must not be a virtual thread's carrier. Signals the cell, but never after it is reaped: its pid
 * may be another's then.
 */
final class Supervisor implements Runnable {
  private final Kernel kernel;
  private final Descriptor channel;
  private final IntSupplier start;
  private final IntConsumer started;
  private final CompletableFuture<Launched> launched = new CompletableFuture<>();
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();

  private final ReentrantLock lock = new ReentrantLock();
  private int launcher; // while it is unreaped, else 0
  private int group; // of processes: the first launcher's, in which they all are
  private int init; // while it is unreaped, else 0
  private volatile boolean killed;

  // Of the supervising thread alone.
  private Optional<Report.Ended> report = Optional.empty();
  private Optional<Descriptor> workingDirectory = Optional.empty(); // once the workload is ready

  /** How a launch went. */
  sealed interface Launched {

    /** The program is executing, or was about to when all of the cell was killed. */
    record Executing(Descriptor workingDirectory) implements Launched {}

    /** A step failed. */
    record Failed(int step, int errno) implements Launched {}

    /** The process that the launch had come to died without a word, short of the program. */
    record Died(int waitStatus) implements Launched {}

    /** It could not be started, or not be followed. */
    record NotStarted(Throwable cause) implements Launched {}
  }

  /** How a cell ended, and what its processes used as far as init has reaped them. */
  record Ended(CellExit exit, Optional<Report.Ended> report) {}

  /**
   * Creates a supervisor.
   *
   * @param channel the host's end of the channel
   * @param start starts the launcher and returns its pid
   * @param started is told init's pid
   */
  Supervisor(Kernel kernel, Descriptor channel, IntSupplier start, IntConsumer started) {
    this.kernel = kernel;
    this.channel = channel;
    this.start = start;
    this.started = started;
  }

  CompletableFuture<Launched> launched() {
    return launched;
  }

  CompletableFuture<Ended> ended() {
    return ended;
  }

  /** Kills init and so, by the kernel, every process of the cell. Does not wait. */
  void kill() {
    lock.lock();
    try {
      killed = true;
      signal(launcher);
      signal(init);
    } finally {
      lock.unlock();
    }
  }

  private void signal(int pid) {
    if (pid != 0) {
      kernel.kill(pid);
    }
  }

  @Override
  public void run() {
    try (channel) {
      start();
      listen();
    } catch (RuntimeException | Error e) { // nobody else would end what has been started
      launched.complete(new Launched.NotStarted(e));
      kill();
    } finally {
      int status = init == 0 ? reapNameless() : reapInit();
      succeedIfReady();
      launched.complete(new Launched.Died(status));
      ended.complete(new Ended(exit(), report));
    }
  }

  private void start() {
    lock.lock();
    try {
      launcher = start.getAsInt();
      group = launcher;
      if (killed) {
        signal(launcher);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Until init says how the cell ends, or every process that could say something is gone. */
  private void listen() {
    try (MessageReader reader = new MessageReader(kernel, channel, Report.MAX_BYTES)) {
      while (report.isEmpty()) {
        Optional<Message> next = reader.read();
        if (next.isEmpty()) {
          return;
        }
        List<Descriptor> carried = new ArrayList<>(next.get().descriptors());
        try {
          hear(next.get().sender(), Report.read(next.get().data()).orElse(null), carried);
        } finally {
          carried.forEach(Descriptor::close);
        }
      }
    }
  }

  /** Takes out of {@code carried} what it keeps. */
  private void hear(int sender, @Nullable Report said, List<Descriptor> carried) {
    switch (said) {
      case Report.Reborn reborn when init == 0 -> {
        reapLauncher();
        lock.lock();
        try {
          launcher = sender;
          if (killed) {
            signal(launcher);
          }
        } finally {
          lock.unlock();
        }
      }
      case Report.Reborn stranger -> {}
      case Report.Alive alive -> {
        lock.lock();
        try {
          init = sender;
          if (killed) {
            signal(init);
          }
        } finally {
          lock.unlock();
        }
        reapLauncher(); // it has done its part; unreaped it would count against pids.max
        started.accept(sender);
      }
      case Report.Failed(int step, int errno) ->
          launched.complete(new Launched.Failed(step, errno));
      case Report.Ready ready when workingDirectory.isEmpty() && !carried.isEmpty() ->
          workingDirectory = Optional.of(carried.removeFirst());
      case Report.Ready again -> {}
      case Report.Executing executing -> succeedIfReady();
      case Report.Ended how when sender == init -> report = Optional.of(how);
      case Report.Ended stranger -> {}
      case null -> {}
    }
  }

  /** Not if the program could not be executed: that was reported before. */
  private void succeedIfReady() {
    if (workingDirectory.isPresent()) {
      Descriptor handed = workingDirectory.get();
      workingDirectory = Optional.empty();
      if (!launched.complete(new Launched.Executing(handed))) {
        handed.close();
      }
    }
  }

  private int reapLauncher() {
    awaitDeath(launcher);
    lock.lock();
    try {
      int status = reap(launcher);
      launcher = 0;
      return status;
    } finally {
      lock.unlock();
    }
  }

  /** Who was killed before its first word has never been heard of, but is a child too. */
  private int reapNameless() {
    int status = reapLauncher();
    if (group != 0) {
      kernel.reapGroup(group);
    }
    return status;
  }

  private int reapInit() {
    awaitDeath(init);
    lock.lock();
    try {
      int status = reap(init);
      init = 0;
      return status;
    } finally {
      lock.unlock();
    }
  }

  private void awaitDeath(int pid) {
    if (pid != 0) {
      try {
        kernel.awaitDeath(pid);
      } catch (SystemCallException e) {
        // ECHILD: this JVM was started with SIGCHLD ignored, and its children reap themselves
      }
    }
  }

  private int reap(int pid) {
    try {
      return pid == 0 ? 0 : kernel.reap(pid);
    } catch (SystemCallException e) {
      return 0; // see above
    }
  }

  private CellExit exit() {
    if (report.isEmpty()) {
      return new CellExit.Killed();
    }
    int status = report.get().waitStatus(); // bits/waitstatus.h
    int signal = status & 0x7f;
    if (signal == 0) {
      return new CellExit.Exited(status >> 8 & 0xff);
    }
    // A kill reaches every process at once; init may still tell of the workload's.
    return killed && signal == Signal.SIGKILL.value()
        ? new CellExit.Killed()
        : new CellExit.Signaled(signal);
  }
}
