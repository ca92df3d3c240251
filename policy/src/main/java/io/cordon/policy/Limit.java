package io.cordon.policy;

/**
 * The limits that can end a task or deny it something, by their names in a policy file.
 *
 * <p>{@link #format} writes amounts the way the file does:
 *
 * {@snippet :
 * Limit.MEMORY.format(268_435_456)        // 256Mi
 * Limit.WALL.format(5_000_000_000L)       // 5s
 * Limit.WALL.unit().formatRounded(4_983_217_004L)   // 4.98s, for what was measured
 * }
 */
public enum Limit {
  MEMORY("memory.max", Effect.KILL, Unit.BYTES),
  WALL("wall.max", Effect.KILL, Unit.NANOSECONDS),
  CPU_TIME("cpu.time", Effect.KILL, Unit.NANOSECONDS),
  OUTPUT("output.max", Effect.KILL, Unit.BYTES),
  START("start.max", Effect.KILL, Unit.NANOSECONDS),
  PIDS("pids.max", Effect.DENY, Unit.COUNT),
  DISK("disk.max", Effect.DENY, Unit.BYTES),
  DISK_INODES("disk.max.inodes", Effect.DENY, Unit.COUNT),
  CPU("cpu.max", Effect.SLOW, Unit.MILLICORES),
  /** Counts what a script executes; the guest's own word, like every count of its runtime. */
  STATEMENTS("statements", Effect.KILL, Unit.COUNT),
  /** Counts the functions of a script that are under way at once. */
  STACK_DEPTH("stack.depth", Effect.KILL, Unit.COUNT),
  TASKS_CONCURRENT("tasks.concurrent", Effect.DENY, Unit.COUNT),
  /** Counts the tasks that begin in one period of the rate. */
  TASKS_RATE("tasks.rate", Effect.DENY, Unit.COUNT),
  /** Counts processor time within the window of the budget. */
  CPU_BUDGET("cpu.budget", Effect.DENY, Unit.NANOSECONDS),
  /** The memory of all sandboxes of a tenant together: {@code memory.max} under {@code limits}. */
  TENANT_MEMORY("tenant/memory.max", Effect.KILL, Unit.BYTES),
  /** The processes of all sandboxes of a tenant: {@code pids.max} under {@code limits}. */
  TENANT_PIDS("tenant/pids.max", Effect.DENY, Unit.COUNT);

  /** What the limit does to a task that reaches it. */
  public enum Effect {
    /** The task is killed. */
    KILL,
    /** The request is denied; the task may go on. */
    DENY,
    /** The task is slowed down. */
    SLOW
  }

  /** What a limit counts, and how amounts of it are written. */
  public enum Unit {
    /** Bytes, written as Kubernetes quantities: {@code 256Mi}, {@code 64M}, {@code 1000}. */
    BYTES,
    /** Nanoseconds, written with a unit: {@code 250ms}, {@code 5s}, {@code 2min}, {@code 1h}. */
    NANOSECONDS,
    /** Things: {@code 64}, {@code 10k}. */
    COUNT,
    /** Thousandths of a processor core: {@code 500m}, {@code 1}. */
    MILLICORES;

    /** Writes an amount exactly, and as short as a policy file could say it. */
    public String format(long amount) {
      return scale().format(amount);
    }

    /** Writes what was measured for people to read: rounded, {@code 4.98s} or {@code 117.74Mi}. */
    public String formatRounded(long amount) {
      return scale().formatRounded(amount);
    }

    private Scale scale() {
      return switch (this) {
        case BYTES -> Scale.BYTES;
        case NANOSECONDS -> Scale.TIME;
        case COUNT -> Scale.COUNT;
        case MILLICORES -> Scale.CORES;
      };
    }
  }

  private final String key;
  private final Effect effect;
  private final Unit unit;

  Limit(String key, Effect effect, Unit unit) {
    this.key = key;
    this.effect = effect;
    this.unit = unit;
  }

  /**
   * The name in a policy file, which follows cgroup v2 where that has one; for a total of the
   * tenant, with {@code tenant/} before it.
   */
  public String key() {
    return key;
  }

  /** What reaching the limit does. */
  public Effect effect() {
    return effect;
  }

  /** What the limit counts. */
  public Unit unit() {
    return unit;
  }

  /**
   * Reads an amount of this limit that is written as in a policy file.
   *
   * @return the amount in the limit's {@link #unit()}
   * @throws IllegalArgumentException if it is no amount of that unit
   */
  public long parse(String amount) {
    Scale scale = unit.scale();
    try {
      return scale.parse(amount).orElseThrow(NumberFormatException::new).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: %s is not an amount that fits here; write it like %s"
              .formatted(key, Quoted.of(amount), scale.example()),
          e);
    }
  }

  /**
   * Writes an amount of this limit exactly, as a policy file would: {@code 256Mi}, {@code 5s},
   * {@code 64}, {@code 500m}.
   *
   * @param amount in the limit's {@link #unit()}
   */
  public String format(long amount) {
    return unit.format(amount);
  }
}
