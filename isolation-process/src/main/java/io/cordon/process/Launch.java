package io.cordon.process;

import io.cordon.process.Supervisor.Launched;
import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.quota.CellQuota;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The launch of one cell: all of it, or nothing is left. For one thread. */
final class Launch {
  /** Above the descriptors that a launcher is given, so that no dup2 overwrites a source. */
  private static final int OUT_OF_THE_WAY = CellView.MOST_INPUTS + LaunchPlan.CHANNEL + 1;

  private final Toolbox tools;
  private final Spawner spawner;
  private final CellSpec spec;
  private final CellView view;

  /** What a launched cell consists of. */
  record Parts(
      Supervisor supervisor,
      Streams streams,
      Descriptor workingDirectory,
      CellQuota quota,
      TenantIdentity identity) {}

  Launch(Toolbox tools, Spawner spawner, CellSpec spec, CellView view) {
    this.tools = tools;
    this.spawner = spawner;
    this.spec = spec;
    this.view = view;
  }

  Parts run() {
    try (Resources resources = new Resources()) {
      TenantIdentity identity = resources.add(tools.identities().claim(spec.tenant()));
      CellQuota quota =
          resources.add(tools.quotas().open(spec.tenant(), spec.name(), spec.limits()));
      LaunchPlan plan = tools.plan(spec, view, quota.joinFiles(), identity);

      Kernel kernel = tools.kernel();
      List<Descriptor> ends = new ArrayList<>();
      Streams streams = Streams.open(kernel, ends, resources);
      Descriptor[] channel = kernel.messageSocket();
      Descriptor hostEnd = resources.add(channel[0]);
      ends.add(resources.add(channel[1]));
      for (InputFile input : spec.inputs()) {
        ends.add(resources.add(kernel.sealedFile("cordon-input", input.content())));
      }
      ends.replaceAll(end -> resources.add(kernel.moveUp(end, OUT_OF_THE_WAY)));
      Descriptor program =
          resources.add(
              kernel.moveUp(
                  kernel.sealedProgram("cordon-launch", tools.compile(plan)), OUT_OF_THE_WAY));

      Supervisor supervisor =
          new Supervisor(kernel, hostEnd, () -> start(program, ends), quota::started);
      Thread.ofPlatform().daemon().name("cordon-cell-" + spec.name()).start(supervisor);
      Descriptor workingDirectory = await(supervisor, plan, quota);
      resources.release();
      return new Parts(supervisor, streams, workingDirectory, quota, identity);
    } catch (SystemCallException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "the host can't launch: " + e.getMessage(), e);
    }
  }

  /** The launcher's descriptors are the launcher's alone, or nobody would see them closed. */
  private int start(Descriptor program, List<Descriptor> ends) {
    try {
      return spawner.spawn(program, "cordon-launch", ends);
    } finally {
      program.close();
      ends.forEach(Descriptor::close);
    }
  }

  private Descriptor await(Supervisor supervisor, LaunchPlan plan, CellQuota quota) {
    CompletableFuture<Launched> launched = supervisor.launched();
    try {
      switch (launched.get(spec.startMax().toNanos(), TimeUnit.NANOSECONDS)) {
        case Launched.Executing(Descriptor workingDirectory) -> {
          return workingDirectory;
        }
        case Launched.Failed(int step, int errno) -> {
          supervisor.ended().join();
          throw LaunchFailures.of(spec, plan.call(step), errno);
        }
        case Launched.Died(int status) -> {
          supervisor.ended().join();
          throw LaunchFailures.died(spec, status, quota.counters().memoryKills());
        }
        case Launched.NotStarted(RuntimeException cause) -> {
          supervisor.ended().join();
          throw cause;
        }
      }
    } catch (TimeoutException e) {
      abandon(supervisor, quota);
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED,
          "the launch took longer than start.max, %d ms".formatted(spec.startMax().toMillis()),
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
