package io.cordon.process;

import io.cordon.process.Supervisor.Launched;
import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.quota.CellQuota;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The launch of one cell: all of it, or nothing is left. For one thread. */
final class Launch {
  private final Workshop workshop;
  private final Tenancy tenancy;
  private final CellSpec spec;
  private final CellView view;

  /** What a launched cell consists of. */
  record Parts(
      Supervisor supervisor,
      Streams streams,
      Descriptor workingDirectory,
      CellQuota quota,
      TenantIdentity identity) {}

  Launch(Workshop workshop, Tenancy tenancy, CellSpec spec, CellView view) {
    this.workshop = workshop;
    this.tenancy = tenancy;
    this.spec = spec;
    this.view = view;
  }

  Parts run() {
    try (Resources resources = new Resources()) {
      TenantIdentity identity = resources.add(tenancy.identities().claim(spec.tenant()));
      CellQuota quota =
          resources.add(
              tenancy
                  .quotas()
                  .open(spec.tenant(), spec.name(), spec.limits(), spec.tenantLimits()));
      Placement placement =
          Placement.of(
              workshop.host(), identity, quota.joinFiles(), quota.birthGroup(), tenancy.quotas());
      LaunchPlan plan = workshop.plan(spec, view, placement);
      Workshop.Running running =
          workshop.run(
              "cordon-cell-" + spec.name(),
              plan,
              spec.inputs(),
              view.carried(),
              quota::started,
              resources);
      Descriptor workingDirectory = await(running.supervisor(), plan, quota);
      resources.release();
      return new Parts(running.supervisor(), running.streams(), workingDirectory, quota, identity);
    } catch (SystemCallException e) {
      throw LaunchFailures.ofHost(e);
    }
  }

  private Descriptor await(Supervisor supervisor, LaunchPlan plan, CellQuota quota) {
    try {
      if (Thread.interrupted()) { // of a future that is complete, get() would not say
        throw new InterruptedException();
      }
      Launched launched =
          supervisor.launched().get(spec.startMax().toNanos(), TimeUnit.NANOSECONDS);
      if (launched instanceof Launched.Executing executing) {
        return executing.workingDirectory();
      }
      supervisor.ended().join();
      throw LaunchFailures.of(spec, plan, launched, quota.counters());
    } catch (TimeoutException e) {
      abandon(supervisor, quota);
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED,
          "the launch took longer than start.max of %d ms".formatted(spec.startMax().toMillis()),
          e);
    } catch (InterruptedException e) {
      abandon(supervisor, quota);
      Thread.currentThread().interrupt();
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "the launch was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is completed with values alone
    }
  }

  private static void abandon(Supervisor supervisor, CellQuota quota) {
    supervisor.kill();
    quota.kill();
    supervisor.ended().join();
    // It may have come through in the meantime.
    if (supervisor.launched().join() instanceof Launched.Executing executing) {
      executing.workingDirectory().close();
    }
  }
}
