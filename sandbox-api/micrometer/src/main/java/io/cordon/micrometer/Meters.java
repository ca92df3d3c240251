package io.cordon.micrometer;

import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Cause;
import io.cordon.sandbox.Trip;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;

/** The meters in one registry. */
final class Meters {
  private static final String NONE = "none";

  private final MeterProvider<Timer> tasks;
  private final MeterProvider<Counter> refusals;
  private final MeterProvider<Counter> kills;
  private final MeterProvider<Counter> reloads;

  Meters(MeterRegistry registry) {
    tasks =
        Timer.builder("cordon.tasks")
            .description("Tasks that ended, from their dispatch on, without pauses")
            .withRegistry(registry);
    refusals =
        Counter.builder("cordon.refusals")
            .description("Tasks and sandboxes that the policy or the host refused")
            .withRegistry(registry);
    kills =
        Counter.builder("cordon.kills")
            .description("Tasks that were killed, but for those that the application cancelled")
            .withRegistry(registry);
    reloads =
        Counter.builder("cordon.policy.reloads")
            .description("Changes of policy files: taken over, or rejected")
            .withRegistry(registry);
  }

  void ended(SandboxEvent.TaskEnded ended) {
    tasks
        .withTags(
            Tags.of(
                "tenant", ended.tenant(),
                "kind", ended.kind().key(),
                "strategy", ended.report().isolation().strategy(),
                "outcome", ended.ending().id(),
                "limit", ended.limit().map(trip -> trip.limit().key()).orElse(NONE)))
        .record(ended.report().usage().wall());
  }

  void refused(SandboxEvent.Refused refused) {
    refusals
        .withTags(
            Tags.of(
                "tenant", refused.tenant(),
                "kind", refused.kind().key(),
                "code", refused.code().id()))
        .increment();
  }

  void killed(SandboxEvent.Killed killed) {
    Tags tags =
        Tags.of(
            "tenant", killed.tenant(),
            "kind", killed.kind().key(),
            "strategy", killed.report().isolation().strategy());
    kills.withTags(tags.and(cause(killed.cause()))).increment();
  }

  void reloaded(SandboxEvent.OfPolicy event, String result) {
    reloads.withTags(Tags.of("tenant", event.tenant(), "result", result)).increment();
  }

  private static Tags cause(Cause cause) {
    return switch (cause) {
      case Cause.LimitExceeded(Trip trip) ->
          Tags.of(
              "limit",
              trip.limit().key(),
              "evidence",
              trip.evidence().name().toLowerCase(Locale.ROOT));
      // What is wrong may quote the guest: it is for the audit log, not for a tag.
      case Cause.Distrusted distrusted -> Tags.of("limit", NONE, "evidence", NONE);
    };
  }
}
