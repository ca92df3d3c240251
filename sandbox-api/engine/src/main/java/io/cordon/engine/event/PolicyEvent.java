package io.cordon.engine.event;

import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.SandboxEvent;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A policy whose files have changed. */
@Name("io.cordon.Policy")
@Label("Policy Reload")
@Description("The policy of a tenant was changed, or its new files can't be used")
@Category("Cordon")
@StackTrace(false)
final class PolicyEvent extends Event {
  @Label("Tenant")
  String tenant = "";

  @Label("Result")
  @Description("changed, or rejected: then the last good policy stays in force")
  String result = "";

  @Label("Pending")
  @Description("What of it could not be put into force for what runs already")
  String pending = "";

  @Label("Problems")
  @Description("What is wrong with the files, a line for each")
  String problems = "";

  /** Another one is in force. */
  static void commit(SandboxEvent.PolicyChanged changed) {
    PolicyEvent event = new PolicyEvent();
    if (event.shouldCommit()) {
      event.tenant = changed.tenant();
      event.result = "changed";
      event.pending =
          changed.pending().stream()
              .map(each -> each.sandbox().map(name -> name + ": ").orElse("") + each.reason())
              .collect(Collectors.joining("\n"));
      event.commit();
    }
  }

  /** The last good one stays in force. */
  static void commit(SandboxEvent.PolicyRejected rejected) {
    PolicyEvent event = new PolicyEvent();
    if (event.shouldCommit()) {
      event.tenant = rejected.tenant();
      event.result = "rejected";
      event.problems =
          rejected.problems().stream()
              .map(PolicyProblem::toString)
              .collect(Collectors.joining("\n"));
      event.commit();
    }
  }
}
