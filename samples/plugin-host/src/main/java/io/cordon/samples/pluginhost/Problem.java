package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The response to what did not succeed, as RFC 9457 has it.
 *
 * <p>The status says who can do something about it: 422, the plugin or what it was given; 403, who
 * writes the tenant's policy; 429, the caller, by waiting; 503, who runs the application.
 *
 * @param status the status of the response
 * @param title the status in words
 * @param detail what happened; it may hold text of a guest
 * @param code why it was refused, if it was
 * @param limit the limit that was exceeded, if one was
 * @param task the task, if there was one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
    int status,
    String title,
    String detail,
    @Nullable String code,
    @Nullable ExceededLimit limit,
    @Nullable TaskSummary task) {

  private static final int MAX_DETAIL = 2_000;

  /** A limit that was exceeded; the figures are in the limit's unit. */
  record ExceededLimit(
      String name, long allowed, long observed, Limit.Unit unit, Evidence evidence) {

    static ExceededLimit of(Outcome.LimitExceeded<?> exceeded) {
      return new ExceededLimit(
          exceeded.limit().key(),
          exceeded.allowed(),
          exceeded.observed(),
          exceeded.limit().unit(),
          exceeded.trip().evidence());
    }
  }

  /** A problem before there was any task. */
  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, null, null, null);
  }

  /** What to say of an outcome other than a success. */
  static Problem of(PluginId id, Outcome<?> outcome) {
    TaskSummary task = TaskSummary.of(id, outcome);
    return switch (outcome) {
      case Outcome.Succeeded<?> _ -> throw new IllegalArgumentException("that is no problem");
      case Outcome.LimitExceeded<?> exceeded -> {
        ExceededLimit limit = ExceededLimit.of(exceeded);
        yield new Problem(
            status(exceeded.limit()),
            "Limit exceeded",
            "the plugin was stopped at its limit " + limit.name(),
            null,
            limit,
            task);
      }
      case Outcome.Failed<?> failed ->
          new Problem(422, "Plugin failed", bounded(failed.message()), null, null, task);
      case Outcome.Crashed<?> crashed ->
          new Problem(422, "Plugin crashed", bounded(crashed.description()), null, null, task);
      case Outcome.Refused<?> refused ->
          new Problem(
              status(refused.code()),
              "Refused",
              bounded(refused.reason()),
              refused.code().id(),
              null,
              task);
      case Outcome.Cancelled<?> _ ->
          new Problem(503, "Cancelled", "the application is closing", null, null, task);
    };
  }

  private static int status(Limit limit) {
    return switch (limit) {
      case TASKS_CONCURRENT, TASKS_RATE, CPU_BUDGET -> 429;
      // Nothing of the plugin had run yet.
      case START -> 503;
      default -> 422;
    };
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case TOO_MANY_TASKS, RATE_EXCEEDED, BUDGET_EXCEEDED -> 429;
      case STRATEGY_MISSING, STRATEGY_UNUSABLE, LAYER_MISSING, LIMIT_TOO_SMALL -> 403;
      case BAD_VALUE -> 422;
      default -> 503;
    };
  }

  private static String bounded(String text) {
    return text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + "…";
  }
}
