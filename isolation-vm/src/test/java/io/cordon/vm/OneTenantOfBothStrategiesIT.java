package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.Keeper;
import io.cordon.harness.OnStrategy;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantGroups;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.leaks.ControlGroups;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.vm.harness.VmUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant's total is that of all its sandboxes, whatever isolates each of them. */
@SandboxTest
@OnStrategy(VmUnderTest.class)
@TenantPolicy(
    name = "both",
    value =
        """
        tenant: both
        isolation:
          strategy: process
          vm: { emulation: allow }
          overrides:
            - when: { kind: command }
              strategy: vm
        limits: { memory.max: 1Gi }
        """)
@Timeout(600)
class OneTenantOfBothStrategiesIT {
  private static final Duration AMPLE = Duration.ofSeconds(60);

  @Test
  void isHeldByOneGroup(Tenant both, Tools tools) throws IOException {
    Keeper machine = Keeper.of(both, tools, 1);
    TaskHandle<String> process = both.submit(Script.javaScript("while (true);"));
    Eventually.within(AMPLE, () -> process.usage().wall().isPositive(), "the script runs");

    assertThat(machine.task().isolation().strategy()).isEqualTo("vm");
    assertThat(process.isolation().strategy()).isEqualTo("process");
    assertThat(
            ControlGroups.of(ProcessHandle.current().pid()).stream()
                .filter(application -> Files.isDirectory(application.resolve("tenant-both")))
                .map(Path::getFileName)
                .distinct())
        .as("applications whose tenant it is")
        .hasSize(1);
    assertThat(TenantGroups.ofTenant("both", "memory.max", "memory.limit_in_bytes"))
        .isEqualTo("" + (1L << 30));

    process.cancel();
    OutcomeAssert.assertThat(process.outcome()).cancelled();
    machine.letGo();
  }
}
