package io.cordon.engine.event;

import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Ending;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** A task, from its admission to its end. */
@Name("io.cordon.Task")
@Label("Sandboxed Task")
@Description("A script, a native program, or a call of a plugin; from its admission to its end")
@Category("Cordon")
@StackTrace(false)
@Threshold("10 ms") // there may be tens of thousands of short calls in a second
final class TaskEvent extends Event {

  /** What the tools of the JDK show as {@code N/A}. */
  private static final long UNKNOWN = Long.MIN_VALUE;

  @Label("Tenant")
  String tenant = "";

  @Label("Kind")
  @Description("script, command or plugin")
  String kind = "";

  @Label("Strategy")
  @Description("What isolated it: process or vm")
  String strategy = "";

  @Label("Outcome")
  String outcome = "";

  @Label("Limit")
  @Description("The limit that it exceeded, as in a policy file; empty if it did not")
  String limit = "";

  @Label("Processor Time")
  @Description("N/A for a call that a plugin has answered")
  @Timespan(Timespan.NANOSECONDS)
  long cpu = UNKNOWN;

  @Label("Memory Peak")
  @DataAmount(DataAmount.BYTES)
  long memoryPeak = UNKNOWN;

  /** It ends now. */
  void commit(SandboxEvent.TaskEnded ended) {
    end();
    if (!shouldCommit()) {
      return;
    }
    Usage usage = ended.report().usage();
    tenant = ended.tenant();
    kind = ended.kind().key();
    strategy = ended.report().isolation().strategy();
    outcome = ended.ending().id();
    limit = ended.limit().map(Trip::limit).map(it -> it.key()).orElse("");
    cpu = measured(ended) ? usage.cpu().toNanos() : UNKNOWN;
    memoryPeak = usage.memoryPeak().orElse(UNKNOWN);
    commit();
  }

  private static boolean measured(SandboxEvent.TaskEnded ended) {
    return switch (ended.kind()) {
      case PLUGIN -> ended.ending() != Ending.SUCCEEDED;
      case COMMAND, SCRIPT -> true;
    };
  }
}
