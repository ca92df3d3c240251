package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What runs scripts ends those that are too long or too deep, and runs the next one. */
@TenantPolicy(
    name = "concise",
    value =
        """
        tenant: concise
        sandbox: { memory.max: 384Mi }
        script: { statements: 10k, stack.depth: 64 }
        """)
interface MeteredScripts {

  @Test
  @Tag("worker")
  default void statementsBeyondTheirLimitEndAScript(Tenant concise, Tenant acme) {
    String source = "let n = 0; for (let i = 0; i < %d; i++) { n += i; } n";
    Script<Long> few = Script.javaScript(source.formatted(2000)).returning(Long.class);
    Script<Long> many = Script.javaScript(source.formatted(20_000)).returning(Long.class);

    assertThat(assertThat(concise.submit(few).outcome()).succeeded()).isEqualTo(1_999_000);
    assertMet(Limit.STATEMENTS, 10_000, concise.submit(many).outcome());
    assertThat(assertThat(concise.submit(few).outcome()).succeeded()).isEqualTo(1_999_000);
    assertThat(assertThat(acme.submit(many).outcome()).succeeded()).isEqualTo(199_990_000);
  }

  @Test
  @Tag("worker")
  default void functionsBeyondTheDepthOfTheStackEndAScript(Tenant concise, Tenant acme) {
    String source = "const down = n => n > 1 ? 1 + down(n - 1) : 1; down(%d)";
    Script<Long> shallow = Script.javaScript(source.formatted(60)).returning(Long.class);
    Script<Long> deep = Script.javaScript(source.formatted(100)).returning(Long.class);

    assertThat(assertThat(concise.submit(shallow).outcome()).succeeded()).isEqualTo(60);
    assertMet(Limit.STACK_DEPTH, 64, concise.submit(deep).outcome());
    assertThat(assertThat(acme.submit(deep).outcome()).succeeded()).isEqualTo(100);
  }

  private static void assertMet(Limit limit, long allowed, Outcome<?> outcome) {
    Trip trip = assertThat(outcome).exceeded(limit, Evidence.GUEST);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(allowed);
    assertThat(trip.observed()).isGreaterThan(allowed);
    assertThat(outcome.report().trips()).containsExactly(trip);
  }
}
