package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Keeper;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** When a tenant's tasks may begin; another tenant's begin meanwhile. */
@TenantPolicy(
    name = "single",
    value =
        """
        tenant: single
        limits: { tasks.concurrent: 1, tasks.queue: { max: 1, wait: 1h } }
        """)
@TenantPolicy(
    name = "rationed",
    value =
        """
        tenant: rationed
        limits: { tasks.rate: 2/1d }
        """)
interface AdmittedTasks {

  @Test
  default void whatMayNotRunAtOnceWaitsWhereThereIsRoomAndIsRefusedWhereThereIsNot(
      Tenant single, Tenant plain, Tools tools) throws IOException {
    Command quick = tools.command("true");
    assertThat(single.submit(quick).outcome()).succeeded();
    Keeper inside = Keeper.of(single, tools, 1);
    TaskHandle<Exit> waiting = single.submit(quick);

    assertThat(
            assertThat(single.submit(quick).outcome()).refused(ErrorCode.TOO_MANY_TASKS).reason())
        .contains("single", Limit.TASKS_CONCURRENT.key());
    assertThat(plain.submit(quick).outcome()).succeeded();
    assertThat(waiting.result()).isNotDone();
    assertThat(waiting.usage().wall()).isZero();

    inside.letGo();
    assertThat(waiting.outcome()).succeeded();
    assertThat(single.submit(quick).outcome()).succeeded();
  }

  @Test
  default void moreThanTheRateAreRefused(Tenant rationed, Tenant plain, Tools tools) {
    Command quick = tools.command("true");
    assertThat(rationed.submit(quick).outcome()).succeeded();
    assertThat(rationed.submit(quick).outcome()).succeeded();

    assertThat(
            assertThat(rationed.submit(quick).outcome()).refused(ErrorCode.RATE_EXCEEDED).reason())
        .contains("rationed", Limit.TASKS_RATE.key());
    assertThat(plain.submit(quick).outcome()).succeeded();
  }
}
