package io.cordon.vm;

import io.cordon.process.GuestCells;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Report;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.agent.OrderListener;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the guest reports of its one cell, which it was ordered to launch by a plan. */
final class CellRun implements OrderListener {
  private final CellSpec spec;
  private final LaunchPlan plan;
  private final CompletableFuture<Void> executing = new CompletableFuture<>();
  private final CompletableFuture<Optional<Report.Ended>> ended = new CompletableFuture<>();
  private volatile boolean ready;
  private volatile Optional<Report.Ended> told = Optional.empty();

  CellRun(CellSpec spec, LaunchPlan plan) {
    this.spec = spec;
    this.plan = plan;
  }

  /**
   * Completes when the program executes, or may have; fails if it never will, with a {@link
   * GuestLostException} if the guest is gone.
   */
  CompletableFuture<Void> executing() {
    return executing;
  }

  /** Completes when the guest has told all of it; empty if it did not tell how it ended. */
  CompletableFuture<Optional<Report.Ended>> whenEnded() {
    return ended;
  }

  @Override
  public void report(ByteBuffer message) {
    switch (Report.read(message).orElse(null)) {
      case Report.Ready nothing -> ready = true;
      case Report.Executing nothing -> executing.complete(null);
      case Report.Failed(int step, int errno) ->
          executing.completeExceptionally(GuestCells.failure(spec, plan, step, errno));
      case Report.Ended how -> told = Optional.of(how);
      case Report.Alive nothing -> {}
      case Report.Reborn nothing -> {} // in guests nobody is
      case null -> {}
    }
  }

  @Override
  public void ended() {
    launchIsOver(
        new SandboxException(
            ErrorCode.LAUNCH_FAILED, "the launch in the guest was killed before it was through"));
    ended.complete(told);
  }

  @Override
  public void lost(String reason) {
    GuestLostException lost = new GuestLostException(reason);
    launchIsOver(lost);
    ended.completeExceptionally(lost);
  }

  private void launchIsOver(Exception reason) {
    if (ready) {
      executing.complete(null);
    } else {
      executing.completeExceptionally(reason);
    }
  }
}
