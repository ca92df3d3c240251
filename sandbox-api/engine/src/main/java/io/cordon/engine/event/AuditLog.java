package io.cordon.engine.event;

import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Cause;
import io.cordon.sandbox.SandboxListener;
import io.cordon.sandbox.Trip;
import java.util.Locale;

/**
 * Writes a line for each refusal, each kill, each change of a policy, and each problem that keeps a
 * policy from being changed, to the application's own logging.
 *
 * <pre>{@code
 * event=killed tenant=acme kind=command strategy=process tier=cgroup-v2 limit=memory.max observed=268435456 allowed=268435456 unit=bytes evidence=kernel
 * event=refused tenant=acme kind=script code=too-many-tasks reason="tenant acme has ..."
 * event=policy-changed tenant=acme pending=1
 * event=policy-pending tenant=acme sandbox=plugin-7 code=limit-in-use reason="the limits can't ..."
 * event=policy-rejected tenant=acme file=policies/acme.yaml line=7 column=15 code=out-of-range reason="..."
 * }</pre>
 */
final class AuditLog implements SandboxListener {
  private static final String NAME = "io.cordon.audit";

  @Override
  public void on(SandboxEvent event) {
    switch (event) {
      case SandboxEvent.Refused refused ->
          write(
              line("refused", refused)
                  .with("code", refused.code().id())
                  .with("reason", refused.reason()));
      case SandboxEvent.Killed killed -> write(line(killed));
      case SandboxEvent.PolicyChanged changed -> {
        write(
            ofTenant("policy-changed", changed)
                .with("pending", Integer.toString(changed.pending().size())));
        changed.pending().forEach(pending -> write(line(changed, pending)));
      }
      case SandboxEvent.PolicyRejected rejected ->
          rejected.problems().forEach(problem -> write(line(rejected, problem)));
      case SandboxEvent.TaskStarted started -> {}
      case SandboxEvent.TaskEnded ended -> {}
    }
  }

  private static AuditLine line(String what, SandboxEvent.OfTask event) {
    return ofTenant(what, event).with("kind", event.kind().key());
  }

  private static AuditLine ofTenant(String what, SandboxEvent event) {
    return new AuditLine().with("event", what).with("tenant", event.tenant());
  }

  private static AuditLine line(SandboxEvent.PolicyChanged changed, SandboxEvent.Pending pending) {
    AuditLine line = ofTenant("policy-pending", changed);
    pending.sandbox().ifPresent(name -> line.with("sandbox", name));
    return line.with("code", pending.code().id()).with("reason", pending.reason());
  }

  private static AuditLine line(SandboxEvent.PolicyRejected rejected, PolicyProblem problem) {
    return ofTenant("policy-rejected", rejected)
        .with("file", problem.file())
        .with("line", Integer.toString(problem.line()))
        .with("column", Integer.toString(problem.column()))
        .with("code", problem.code().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .with("reason", problem.message());
  }

  private static AuditLine line(SandboxEvent.Killed killed) {
    AuditLine line =
        line("killed", killed)
            .with("strategy", killed.report().isolation().strategy())
            .with("tier", killed.report().isolation().tier());
    return switch (killed.cause()) {
      case Cause.LimitExceeded(Trip trip) ->
          line.with("limit", trip.limit().key())
              .with("observed", Long.toString(trip.observed()))
              .with("allowed", Long.toString(trip.allowed()))
              .with("unit", trip.limit().unit().name().toLowerCase(Locale.ROOT))
              .with("evidence", trip.evidence().name().toLowerCase(Locale.ROOT));
      case Cause.Distrusted(String what) -> line.with("reason", what);
    };
  }

  // Above DEBUG an application that says nothing of logging would have it on its standard error.
  private static final System.Logger.Level LEVEL = System.Logger.Level.DEBUG;

  /** Looked up at the first line: most applications start without a refusal, and faster so. */
  private static void write(AuditLine line) {
    System.getLogger(NAME).log(LEVEL, line::toString);
  }
}
