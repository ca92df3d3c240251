package io.cordon.vm.agent;

import io.cordon.process.plan.LaunchPlan;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Waits until a guest has been renewed. */
final class RenewErrand extends Errand<GuestAgent.Renewed> {
  RenewErrand(LaunchPlan plan) {
    super(plan);
  }

  @Override
  void take(int kind, ByteBuffer report) throws IOException {
    throw new IOException("no report of a renewal: " + kind);
  }

  @Override
  GuestAgent.Renewed conclude() {
    return new GuestAgent.Renewed();
  }
}
