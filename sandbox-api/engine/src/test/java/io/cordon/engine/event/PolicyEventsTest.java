package io.cordon.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.TestPolicy;
import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxEvent;
import java.util.List;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of policies, where nobody has asked for it. */
class PolicyEventsTest {
  private static final SandboxEvent.Pending IN_USE =
      new SandboxEvent.Pending(Optional.of("plugin-7"), ErrorCode.LIMIT_IN_USE, "it is in use");
  private static final SandboxEvent.Pending TOTAL =
      new SandboxEvent.Pending(Optional.empty(), ErrorCode.NOT_LIVE, "no group");

  private final AuditLines audit = new AuditLines();
  private final Flight flight = new Flight();
  private final Events events = new Events(List.of());

  @AfterEach
  void close() {
    flight.close();
    audit.close();
  }

  @Test
  void aChangeAndEachThingThatIsPending() throws Exception {
    events.tell(
        new SandboxEvent.PolicyChanged(TestPolicy.generous().of("acme"), List.of(IN_USE, TOTAL)));

    assertThat(audit.lines())
        .containsExactly(
            "event=policy-changed tenant=acme pending=2",
            "event=policy-pending tenant=acme sandbox=plugin-7 code=limit-in-use reason=\"it is in"
                + " use\"",
            "event=policy-pending tenant=acme code=not-live reason=\"no group\"");
    RecordedEvent recorded = flight.land().getFirst();
    assertThat(recorded.getEventType().getName()).isEqualTo("io.cordon.Policy");
    assertThat(recorded.getString("tenant")).isEqualTo("acme");
    assertThat(recorded.getString("result")).isEqualTo("changed");
    assertThat(recorded.getString("pending")).isEqualTo("plugin-7: it is in use\nno group");
  }

  @Test
  void eachProblemOfARejectedFile() throws Exception {
    PolicyProblem problem =
        new PolicyProblem(
            "policies/acme.yaml", 7, 15, PolicyProblem.Code.OUT_OF_RANGE, "must be more\nthan 0");
    events.tell(new SandboxEvent.PolicyRejected("acme", List.of(problem)));

    assertThat(audit.lines())
        .containsExactly(
            "event=policy-rejected tenant=acme file=policies/acme.yaml line=7 column=15"
                + " code=out-of-range reason=\"must be more\\u{a}than 0\"");
    RecordedEvent recorded = flight.land().getFirst();
    assertThat(recorded.getString("result")).isEqualTo("rejected");
    assertThat(recorded.getString("problems")).isEqualTo(problem.toString());
  }
}
