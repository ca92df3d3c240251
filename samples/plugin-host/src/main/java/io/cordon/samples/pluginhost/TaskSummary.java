package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended and what it used, for the response.
 *
 * @param tenant whose task it was
 * @param plugin which of its plugins
 * @param outcome the kind of outcome
 * @param strategy what isolated it
 * @param tier how its limits were enforced
 * @param cpuMicros processor time, in microseconds
 * @param wallMicros time from dispatch to end, in microseconds
 * @param memoryPeakBytes the most memory that it had at once, where the host can tell
 * @param outputBytes what it wrote
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskSummary(
    String tenant,
    String plugin,
    String outcome,
    String strategy,
    String tier,
    long cpuMicros,
    long wallMicros,
    @Nullable Long memoryPeakBytes,
    long outputBytes) {

  static TaskSummary of(PluginId id, Outcome<?> outcome) {
    TaskReport report = outcome.report();
    return new TaskSummary(
        id.tenant(),
        id.plugin(),
        OutcomeKind.of(outcome).id(),
        report.isolation().strategy(),
        report.isolation().tier(),
        report.usage().cpu().toNanos() / 1_000,
        report.usage().wall().toNanos() / 1_000,
        report.usage().memoryPeak().isPresent() ? report.usage().memoryPeak().getAsLong() : null,
        report.usage().outputBytes());
  }
}
