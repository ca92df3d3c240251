package io.cordon.sandbox.spi;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running cell. Safe for use by several threads. */
public interface Cell extends AutoCloseable {

  /**
   * The program's standard input; unbuffered, so that what is written is on its way. An interrupt
   * of the thread that writes neither ends the write nor closes the stream, as it would close a
   * {@link java.nio.channels.InterruptibleChannel}: a caller who is cancelled says so by himself.
   */
  OutputStream stdin();

  /** The program's standard output, unbuffered; ends when nobody in the cell holds it any more. */
  InputStream stdout();

  /** The program's standard error. */
  InputStream stderr();

  /** How limits are enforced: {@code cgroup-v2}, {@code cgroup-v1} or {@code rlimit}. */
  String tier();

  /** Every layer, in force or missing. */
  List<Layer> layers();

  /** Completes when every process of the cell is dead. */
  CompletableFuture<CellExit> exit();

  /** What the cell has used until now; of its whole life once it has exited. */
  CellCounters counters();

  /**
   * Whether {@link #counters} tells of denials, and of the disk, what was known when it was last
   * {@linkplain #inquire asked} for them: so of a guest, which takes its time to answer.
   */
  default boolean tellsWhenAsked() {
    return false;
  }

  /**
   * What the cell has used, all of it looked at now: blocks for as long as that takes, which is no
   * time on the path of a call, and no longer than a second.
   *
   * @return nothing if who was asked does not answer: {@link #counters} has what was known
   */
  default Optional<CellCounters> inquire() {
    return Optional.of(counters());
  }

  /** What of {@link #counters} is denials: in no more time than the path of a call has. */
  default CellCounters.Denials denials() {
    return counters().denials();
  }

  /** How much the cell is kept waiting at this moment, where the kernel knows. */
  default Optional<Usage.Pressure> pressure() {
    return Optional.empty();
  }

  /**
   * Does this soon after the kernel has denied the cell something or killed in it, on a thread that
   * must not be kept; never, where the kernel does not tell: {@link #counters} do, to who looks.
   * What was to be done before is not done any more.
   */
  default void onEvent(Runnable told) {}

  /** Signals and thaws every process of the cell at once; returns without waiting. */
  void kill();

  /**
   * Stops every process of the cell; returns when none of them runs. A paused cell can be killed as
   * any other. Idempotent; does nothing to a cell that is dead.
   *
   * @throws SandboxException ({@link ErrorCode#NOT_LIVE}) if this strategy can't
   */
  default void pause() {
    throw new SandboxException(ErrorCode.NOT_LIVE, "cells of this strategy can't be paused");
  }

  /** Lets a paused cell go on. Idempotent; does nothing to a cell that is dead. */
  default void resume() {
    throw new SandboxException(ErrorCode.NOT_LIVE, "cells of this strategy can't be paused");
  }

  /**
   * Puts other limits into force while the cell runs: its {@code cpu.max}, {@code memory.max},
   * {@code pids.max}, and of its tuning {@code cpu.weight}, {@code memory.high} and {@code
   * memory.swap.max}. Whether the policy allows them is for the caller to know.
   *
   * @throws SandboxException if they can't be: {@link ErrorCode#LIMIT_IN_USE} if the cell uses more
   *     memory than that and it can't be reclaimed, {@link ErrorCode#NOT_LIVE} if this strategy
   *     can't; the limits are what they were then
   */
  default void resize(SandboxLimits limits) {
    throw new SandboxException(ErrorCode.NOT_LIVE, "cells of this strategy can't be resized");
  }

  /**
   * Nothing is asked of the program until {@link #wake}: a cell that costs something while it waits
   * may stop costing it.
   */
  default void rest() {}

  /** The program is about to be asked something, and must be up to it: its clock is right, too. */
  default void wake() {}

  /**
   * Reads a regular file of the working directory, following no link, blocking on nothing. Best
   * called once the cell has exited: then nobody can change the file.
   *
   * @param name a plain file name
   * @param maxBytes the most that is read
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws FileTooLargeException if it is larger; none of it has been read then
   * @throws IOException with the reason, if it is not a regular file
   */
  byte[] readFile(String name, long maxBytes) throws IOException;

  /** Kills the cell, waits for its end, and removes all that is left of it. Idempotent. */
  @Override
  void close();
}
