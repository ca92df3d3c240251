package io.cordon.vm.agent;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * An order that is done when it says so, and that may report something on the way: what a guest
 * says is bounded by who listens.
 */
abstract class Errand<T> implements OrderListener {
  private final LaunchPlan plan;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  Errand(LaunchPlan plan) {
    this.plan = plan;
  }

  /** What it means that a step has failed. */
  IOException failure(String step, int errno) {
    return new IOException(
        "step '%s' in the guest failed: %s".formatted(step, Errno.nameOf(errno)));
  }

  /** Takes a report that is neither of a failure nor the last. */
  abstract void take(int kind, ByteBuffer report) throws IOException;

  /** What all of it amounts to. */
  abstract T conclude() throws IOException;

  /** A report from a place on. */
  static byte[] rest(ByteBuffer report, int from) {
    byte[] rest = new byte[report.limit() - from];
    report.get(from, rest);
    return rest;
  }

  CompletableFuture<T> result() {
    return result;
  }

  @Override
  public void report(ByteBuffer message) {
    try {
      if (message.remaining() < 4) {
        throw new IOException("a report of " + message.remaining() + " bytes");
      }
      int kind = message.getInt(0);
      if (kind == Orders.DONE) {
        result.complete(conclude());
      } else if (Report.read(message).orElse(null) instanceof Report.Failed(int step, int errno)) {
        result.completeExceptionally(failure(nameOf(step), errno));
      } else {
        take(kind, message);
      }
    } catch (IOException e) {
      result.completeExceptionally(e);
    } catch (IndexOutOfBoundsException e) {
      result.completeExceptionally(new IOException("a report that is too short", e));
    }
  }

  /** The guest says which; it may say anything. */
  private String nameOf(int step) {
    return plan.find(step).map(Step.Call::name).orElse("none of the plan: " + step);
  }

  @Override
  public void ended() {
    result.completeExceptionally(new IOException("the guest did not say that it is done"));
  }

  @Override
  public void lost(String reason) {
    result.completeExceptionally(new IOException(reason));
  }
}
