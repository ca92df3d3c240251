package io.cordon.vm.agent;

import io.cordon.process.plan.LaunchPlan;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Something that is done, or fails, and of which nothing else is told. */
final class PlainErrand extends Errand<GuestAgent.Done> {
  PlainErrand(LaunchPlan plan) {
    super(plan);
  }

  @Override
  void take(int kind, ByteBuffer report) throws IOException {
    throw new IOException("a report where none is due: " + kind);
  }

  @Override
  GuestAgent.Done conclude() {
    return new GuestAgent.Done();
  }
}
