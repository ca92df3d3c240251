package io.cordon.sandbox;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A task that was submitted. Safe for use by several threads, virtual ones included.
 *
 * @param <T> the type of the task's value
 */
public interface TaskHandle<T> {

  /**
   * Completes with the value, or exceptionally with an {@link OutcomeException}. Each call returns
   * a copy; cancelling it, or completing it otherwise, changes nothing about the task.
   */
  CompletableFuture<T> result();

  /** Waits for the outcome. An interrupt cancels the task; the interrupt status is kept. */
  Outcome<T> outcome();

  /** Kills the task, if it has not ended; its outcome is then {@link Outcome.Cancelled}. */
  void cancel();

  /**
   * Stops the task; when this returns, nothing of it runs, or will run before {@link #resume}. The
   * clock of {@code wall.max} stops with it, for that limits what the guest does; a timeout that
   * the application gave goes on. A paused task can be cancelled as any other. Idempotent, and
   * nothing for a task that has ended.
   *
   * @throws SandboxException ({@link ErrorCode#NOT_LIVE}) if its isolation can't; it runs on then
   */
  void pause();

  /** Lets a paused task go on. Idempotent. */
  void resume();

  /** What the task has used so far; final once the outcome is there. */
  Usage usage();

  /** What isolates the task, and why. */
  Isolation isolation();

  /** Limits that the task has met so far, in order. */
  List<Trip> events();

  /**
   * Tells of each limit that the task meets, as it happens: each once, in order, those first that
   * it has met already. A denial is told when it is first seen; {@link #events} tells how often it
   * was repeated.
   *
   * <p>The listener is called by threads that do nothing else, one call after the other: one that
   * takes its time delays itself alone, and may still be called when the outcome is there. What it
   * throws is logged once, and it is told of the next trip all the same.
   *
   * {@snippet :
   * task.onTrip(trip -> log.info("{} of {}", trip.limit().key(), trip.allowed()));
   * }
   */
  void onTrip(Consumer<? super Trip> listener);

  /**
   * Where to write the standard input of a command that takes it from a stream. Writing waits while
   * the program does not read.
   *
   * @throws IllegalStateException if the task is no such command
   */
  OutputStream stdin();

  /**
   * What the task writes to its standard output, until it ends. Where that is kept, as of each
   * script and with {@link Command.Output#CAPTURE}, each call gives a new stream that begins with
   * the first byte, also when the task has ended. With {@link Command.Output#STREAM} all calls give
   * the same one; to close it drops what is still to come. With {@link Command.Output#DISCARD} it
   * is empty.
   */
  InputStream stdout();

  /** The same of its standard error. */
  InputStream stderr();
}
