package io.cordon.sandbox;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
   * Where to write the standard input of a command that takes it from a stream. Writing waits while
   * the program does not read.
   *
   * @throws IllegalStateException if the task is no such command
   */
  OutputStream stdin();

  /**
   * What the task writes to its standard output, until it ends. Empty where the task discards it.
   */
  InputStream stdout();

  /** What the task writes to its standard error, until it ends. Empty where it discards it. */
  InputStream stderr();
}
