package io.cordon.engine.pool;

import io.cordon.engine.channel.WorkerChannel;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.verdict.Stop;
import io.cordon.engine.verdict.Word;
import io.cordon.policy.Policy;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellExit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** One worker: its cell, and the wire to it. */
public final class Worker implements AutoCloseable {
  /**
   * What a JVM says when {@code -XX:+ExitOnOutOfMemoryError} ends it, and the status it has then.
   */
  private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";

  /** Of the same error, the case that has nothing to do with memory: pids.max, most likely. */
  private static final String NO_THREAD = "unable to create native thread";

  private static final int OUT_OF_MEMORY_STATUS = 3;

  /**
   * How long a JVM that has closed its end of the wire may take to end. One that ends does so at
   * once, but in a guest on a busy host that can be a second, and cut short it could not say what
   * it died of; one whose guest closed the stream does not end at all.
   */
  private static final Duration LAST_BREATH = Duration.ofSeconds(5);

  private final String name;
  private final Policy policy;
  private final WorkerKind kind;
  private final Isolation isolation;
  private final Cell cell;
  private final WorkerChannel channel;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile boolean lingered;

  /**
   * A worker in a cell.
   *
   * @param name the cell's
   * @param policy under which that was launched
   */
  Worker(
      String name,
      Policy policy,
      WorkerKind kind,
      Isolation isolation,
      Cell cell,
      WorkerChannel channel) {
    this.name = name;
    this.policy = policy;
    this.kind = kind;
    this.isolation = isolation;
    this.cell = cell;
    this.channel = channel;
  }

  /** What its cell is called. */
  public String name() {
    return name;
  }

  /** The policy under which it was launched: its tenant's, whose limits its cell has. */
  public Policy policy() {
    return policy;
  }

  /** What it can run. */
  public WorkerKind kind() {
    return kind;
  }

  /** What isolates it, and why. */
  public Isolation isolation() {
    return isolation;
  }

  /** Where it runs. */
  public Cell cell() {
    return cell;
  }

  /** How to talk to it. */
  public WorkerChannel channel() {
    return channel;
  }

  /** Whether it can be given work, as far as anybody has heard. */
  boolean alive() {
    return channel.open() && !cell.exit().isDone();
  }

  /** Waits until a worker that gives no answer any more is dead, and says how its task ended. */
  public <T> Outcome<T> death(RunningTask task) {
    channel.doom().ifPresent(task::stop);
    CellExit exit = exit();
    if (lingered) {
      task.stop(new Stop.Broken("the worker closed its channel, and went on"));
    }
    return task.end(cell.counters(), Optional.of(exit), lastWord(exit));
  }

  /** Waits until a worker that has closed its end of the wire is dead; helps where it must. */
  CellExit exit() {
    try {
      return cell.exit().copy().orTimeout(LAST_BREATH.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      lingered = true;
      cell.kill();
      return cell.exit().join();
    }
  }

  /** Whether an OutOfMemoryError that says this is about memory. */
  public static boolean isAboutMemory(String error) {
    return !error.contains(NO_THREAD);
  }

  private <T> Word<T> lastWord(CellExit exit) {
    if (!(exit instanceof CellExit.Exited(int status))) {
      return new Word.Silent<>();
    }
    String errors = channel.lastErrors();
    if (status == OUT_OF_MEMORY_STATUS && errors.contains(OUT_OF_MEMORY) && isAboutMemory(errors)) {
      return new Word.RanOutOfMemory<>();
    }
    return new Word.Threw<>(
        "it ended its own JVM with exit status " + status, GuestText.plain(errors));
  }

  /** Kills it, and waits until nothing of it is left. Whoever comes second waits, too. */
  @Override
  public void close() {
    closing.lock();
    try {
      cell.close();
      channel.join();
    } finally {
      closing.unlock();
    }
  }
}
