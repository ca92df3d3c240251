package io.cordon.engine.event;

import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Cause;
import io.cordon.sandbox.Trip;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A kill. */
@Name("io.cordon.Kill")
@Label("Sandbox Kill")
@Description("A task was killed for a limit, or because its sandbox can't be trusted any more")
@Category("Cordon")
@StackTrace(false)
final class KillEvent extends Event {
  @Label("Tenant")
  String tenant = "";

  @Label("Kind")
  @Description("script, command or plugin")
  String kind = "";

  @Label("Strategy")
  @Description("What isolated it: process or vm")
  String strategy = "";

  @Label("Limit")
  @Description("The limit that it exceeded, as in a policy file; empty if it was another reason")
  String limit = "";

  @Label("Observed")
  @Description("How much was used, in the limit's unit")
  long observed;

  @Label("Allowed")
  @Description("How much was allowed, in the limit's unit")
  long allowed;

  @Label("Unit")
  @Description("What the limit counts")
  String unit = "";

  @Label("Evidence")
  @Description("Who says so: kernel, host or guest")
  String evidence = "";

  @Label("Reason")
  @Description("What is wrong with its sandbox, if it was no limit")
  String reason = "";

  /** It happened. */
  static void commit(SandboxEvent.Killed killed) {
    KillEvent event = new KillEvent();
    if (event.shouldCommit()) {
      event.tenant = killed.tenant();
      event.kind = killed.kind().key();
      event.strategy = killed.report().isolation().strategy();
      switch (killed.cause()) {
        case Cause.LimitExceeded(Trip trip) -> event.fill(trip);
        case Cause.Distrusted(String what) -> event.reason = what;
      }
      event.commit();
    }
  }

  private void fill(Trip trip) {
    limit = trip.limit().key();
    observed = trip.observed();
    allowed = trip.allowed();
    unit = trip.limit().unit().name().toLowerCase(Locale.ROOT);
    evidence = trip.evidence().name().toLowerCase(Locale.ROOT);
  }
}
