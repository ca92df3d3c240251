package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.conformance.ShelfPlugin;
import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.KernelGroups;
import io.cordon.harness.OnStrategy;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.vm.harness.VmUnderTest;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A policy file is changed while its tenant's code runs in micro-VMs. */
@SandboxTest
@OnStrategy(VmUnderTest.class)
@ExtendWith(ShelfPlugin.class)
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

  @Test
  void aRunningSandboxHasTheNewLimits(Tenant acme, PolicyFolder policies, Plugin plugin) {
    try (Sandbox box = acme.open(plugin)) {
      Quota wanted = new Quota(500, 224L << 20, 99);
      assumeTrue(
          box.isolation().tier().startsWith("cgroup"), "needs control groups that can be written");

      policies.tenant(
          "acme",
          "tenant: acme\nsandbox: { memory.max: 224Mi, cpu.max: 500m, pids.max: 99, cpu.weight: 50 }\n");
      while (!box.quota().equals(wanted)) {
        LockSupport.parkNanos(10_000_000); // the class's time is the limit
      }

      assertThat(KernelGroups.ofSandbox(box.name(), "cpu.cfs_quota_us", "cpu.max"))
          .startsWith("50000");
      assertThat(box.service(Warehouse.class).echo("there")).isEqualTo("there");
    }
  }
}
