package io.cordon.vm.agent;

import io.cordon.process.plan.LaunchPlan;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Has something done that there is nothing to say of. */
final class PlainErrand extends Errand<GuestAgent.Done> {

  PlainErrand(LaunchPlan plan) {
    super(plan);
  }

  @Override
  void take(int kind, ByteBuffer report) throws IOException {
    throw new IOException("a report of something that nobody asked for: " + kind);
  }

  @Override
  GuestAgent.Done conclude() {
    return new GuestAgent.Done();
  }
}
