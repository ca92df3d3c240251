package io.cordon.engine.channel;

import io.cordon.engine.stream.GuestOutput;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One question to a worker, and the wait for its answer. */
final class Exchange {
  /** Null: the worker is to speak first, and say that it is there. */
  private final @Nullable ToWorker question;

  private final RunningTask task;
  private final GuestOutput stdout;
  private final GuestOutput stderr;
  private final Thread waiter = Thread.currentThread();
  private volatile @Nullable ToHost answer;
  private volatile boolean over;

  Exchange(@Nullable ToWorker question, RunningTask task, GuestOutput stdout, GuestOutput stderr) {
    this.question = question;
    this.task = task;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** The task that it is for. */
  RunningTask task() {
    return task;
  }

  /** Takes what the guest printed, within what it may print. */
  void printed(ToHost.Output output, int admitted) {
    (output.error() ? stderr : stdout).write(output.bytes(), 0, admitted);
  }

  /** Takes what the guest's threads are at; false if that is not of the task, or comes again. */
  boolean took(ToHost.ThreadDump dump) {
    return runs(dump.task()) && task.threadDump(GuestText.plain(dump.text()));
  }

  /** Whether this is an answer to the question. */
  boolean isAnswered(ToHost message) {
    return switch (message) {
      case ToHost.Ready ready -> question == null;
      case ToHost.Traits traits -> question instanceof ToWorker.ReadTraits;
      case ToHost.ServiceOpened opened -> asksFor(opened.service());
      case ToHost.ServiceMissing missing -> asksFor(missing.service());
      case ToHost.Returned returned -> runs(returned.task());
      case ToHost.Threw threw -> runs(threw.task());
      case ToHost.Rejected rejected -> runs(rejected.task());
      case ToHost.LimitMet met ->
          question instanceof ToWorker.RunScript script
              && script.quota().limits(met.metered())
              && runs(met.task());
      case ToHost.Output output -> false;
      case ToHost.ThreadDump dump -> false;
    };
  }

  private boolean asksFor(int service) {
    return question instanceof ToWorker.OpenService asked && asked.service() == service;
  }

  private boolean runs(long task) {
    return switch (question) {
      case ToWorker.Call call -> call.task() == task;
      case ToWorker.RunScript script -> script.task() == task;
      case null, default -> false;
    };
  }

  /**
   * Here is the answer, from the reader's thread. Its task is over with it, not only when the
   * waiter has been scheduled: what comes up meanwhile comes too late.
   */
  void answer(ToHost message) {
    if (question != null) {
      task.finish();
    }
    answer = message;
    end();
  }

  /** No answer will come. */
  void end() {
    over = true;
    LockSupport.unpark(waiter);
  }

  /**
   * Waits for the answer; null if none will come. Returns early for an interrupt, when asked to.
   */
  @Nullable ToHost await(Runnable interrupted) {
    boolean wasInterrupted = false;
    while (!over) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        wasInterrupted = true;
        interrupted.run();
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return answer;
  }
}
