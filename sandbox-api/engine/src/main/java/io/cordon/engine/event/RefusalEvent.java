package io.cordon.engine.event;

import io.cordon.sandbox.SandboxEvent;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A refusal. */
@Name("io.cordon.Refusal")
@Label("Sandbox Refusal")
@Description("The policy or the host refused a task, or to open a sandbox")
@Category("Cordon")
@StackTrace(false)
final class RefusalEvent extends Event {
  @Label("Tenant")
  String tenant = "";

  @Label("Kind")
  @Description("script, command or plugin")
  String kind = "";

  @Label("Code")
  @Description("The stable name of the reason")
  String code = "";

  @Label("Reason")
  String reason = "";

  /** It happened. */
  static void commit(SandboxEvent.Refused refused) {
    RefusalEvent event = new RefusalEvent();
    if (event.shouldCommit()) {
      event.tenant = refused.tenant();
      event.kind = refused.kind().key();
      event.code = refused.code().id();
      event.reason = refused.reason();
      event.commit();
    }
  }
}
