package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.CellCounters;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What one cell is held to. Safe for use by several threads. */
public interface CellQuota extends AutoCloseable {

  /**
   * Files that the launcher, as root or as the user, writes {@code 0} to before it does anything
   * else: so the cell's first instruction is already counted. Empty where nothing is joined.
   */
  List<Path> joinFiles();

  /**
   * The group's directory, where all that is joined is one group in which a process can be made
   * from the beginning: {@code CLONE_INTO_CGROUP} of clone3(2).
   */
  Optional<Path> birthGroup();

  /** Tells the host pid of the cell's init, from which watching begins. */
  void started(long initPid);

  /**
   * Does this, on a thread that must not be kept, soon after the kernel has denied the cell
   * something or killed in it; never, where the kernel does not tell. What was to be done before is
   * not done any more.
   */
  void onEvent(Runnable told);

  /** How much the cell is kept waiting, where the kernel knows; nothing once it is closed. */
  Optional<Usage.Pressure> pressure();

  /** What the cell has used; its whole life's figures once it is dead, also when it is closed. */
  QuotaCounters counters();

  /** What of that is denials; in less time. */
  default CellCounters.Denials denials() {
    return counters().denials();
  }

  /** The same; what is only watched is looked at for it. */
  default QuotaCounters inquire() {
    return counters();
  }

  /**
   * Kills and thaws every process, also those that hide from the cell's init. Returns when all are
   * signalled; they may still be on their way out.
   */
  void kill();

  /**
   * Stops every process, and returns when none runs; does nothing to a cell that was killed.
   *
   * @throws io.cordon.sandbox.SandboxException if they don't let themselves be stopped; they run
   *     then
   */
  void pause();

  /** Lets them run again. */
  void resume();

  /**
   * Puts another {@code cpu.max}, {@code memory.max}, {@code pids.max}, {@code cpu.weight}, {@code
   * memory.high} and {@code memory.swap.max} into force.
   *
   * @throws io.cordon.sandbox.SandboxException if that is not possible; the limits are then what
   *     they were
   */
  void resize(SandboxLimits limits);

  /**
   * Removes it; every process should be dead, and one that isn't is killed. Idempotent.
   *
   * @throws io.cordon.sandbox.SandboxException if somebody can't be made to leave; the message has
   *     their pids
   */
  @Override
  void close();
}
