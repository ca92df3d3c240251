package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.harness.KernelGroups;
import io.cordon.harness.OnStrategy;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.vm.harness.VmUnderTest;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant's total is that of its machines: a guest knows nothing of other guests. */
@SandboxTest
@OnStrategy(VmUnderTest.class)
@TenantPolicy
@Timeout(300)
class VmPolicyReloadIT {

  @Test
  void aTotalHoldsForMachinesThatRunAlready(Tenant acme, PolicyFolder policies, Tools tools)
      throws Exception {
    TaskHandle<Exit> task =
        acme.submit(
            tools
                .sh("echo up; sleep 1000")
                .stdin(new Command.Input.Empty())
                .stdout(Command.Output.STREAM));
    assertThat(task.stdout().read()).isEqualTo('u');
    assumeTrue(
        task.isolation().tier().startsWith("cgroup"), "needs control groups that can be written");

    policies.tenant("acme", "tenant: acme\nlimits: { pids.max: 777, memory.max: 3Gi }\n");
    while (acme.policy().limits().pidsMax().isEmpty()
        || !KernelGroups.ofTenant("acme", "pids.max", "pids.max").equals("777")) {
      LockSupport.parkNanos(10_000_000); // the class's time is the limit
    }

    assertThat(KernelGroups.ofTenant("acme", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo(Long.toString(3L << 30));
    assertThat(task.result()).isNotDone();
    task.cancel();
    OutcomeAssert.assertThat(task.outcome()).cancelled();
  }
}
