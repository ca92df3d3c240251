package io.cordon.samples.pluginhost;

import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Usage;
import java.util.Map;
import java.util.TreeMap;

/**
 * What some tasks have used together.
 *
 * @param tasks how many there were
 * @param outcomes how they ended: how many for each kind of outcome
 * @param cpuMicros processor time, in microseconds
 * @param wallMicros time from dispatch to end, in microseconds
 * @param memoryPeakBytes the most that one of them had at once; 0 where no host could tell
 * @param outputBytes what they wrote
 */
record RunningTotal(
    long tasks,
    Map<String, Long> outcomes,
    long cpuMicros,
    long wallMicros,
    long memoryPeakBytes,
    long outputBytes) {

  static final RunningTotal NONE = new RunningTotal(0, Map.of(), 0, 0, 0, 0);

  static RunningTotal of(Outcome<?> outcome) {
    Usage usage = outcome.report().usage();
    return new RunningTotal(
        1,
        Map.of(OutcomeKind.of(outcome).id(), 1L),
        usage.cpu().toNanos() / 1_000,
        usage.wall().toNanos() / 1_000,
        usage.memoryPeak().orElse(0),
        usage.outputBytes());
  }

  RunningTotal plus(RunningTotal other) {
    Map<String, Long> together = new TreeMap<>(outcomes);
    other.outcomes.forEach((kind, count) -> together.merge(kind, count, Long::sum));
    return new RunningTotal(
        tasks + other.tasks,
        together,
        cpuMicros + other.cpuMicros,
        wallMicros + other.wallMicros,
        Math.max(memoryPeakBytes, other.memoryPeakBytes),
        outputBytes + other.outputBytes);
  }
}
