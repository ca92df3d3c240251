package io.cordon.policy;

/** The limits that can end a task or deny it something, by their names in a policy file. */
public enum Limit {
  MEMORY("memory.max", Effect.KILL, Unit.BYTES),
  WALL("wall.max", Effect.KILL, Unit.NANOSECONDS),
  CPU_TIME("cpu.time", Effect.KILL, Unit.NANOSECONDS),
  OUTPUT("output.max", Effect.KILL, Unit.BYTES),
  START("start.max", Effect.KILL, Unit.NANOSECONDS),
  PIDS("pids.max", Effect.DENY, Unit.COUNT),
  DISK("disk.max", Effect.DENY, Unit.BYTES),
  CPU("cpu.max", Effect.SLOW, Unit.MILLICORES),
  TASKS_CONCURRENT("tasks.concurrent", Effect.DENY, Unit.COUNT);

  /** What the limit does to a task that reaches it. */
  public enum Effect {
    /** The task is killed. */
    KILL,
    /** The request is denied; the task may go on. */
    DENY,
    /** The task is slowed down. */
    SLOW
  }

  /** What the limit counts. */
  public enum Unit {
    BYTES,
    NANOSECONDS,
    COUNT,
    MILLICORES
  }

  private final String key;
  private final Effect effect;
  private final Unit unit;

  Limit(String key, Effect effect, Unit unit) {
    this.key = key;
    this.effect = effect;
    this.unit = unit;
  }

  /** The name in a policy file, which follows cgroup v2 where that has one. */
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
}
