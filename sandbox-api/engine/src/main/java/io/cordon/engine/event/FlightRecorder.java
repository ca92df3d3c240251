package io.cordon.engine.event;

import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxListener;
import org.jspecify.annotations.Nullable;

/**
 * Tells Java Flight Recorder, which costs nothing while it does not record. Its first event costs a
 * JVM a tenth of a second, recording or not: until somebody has begun to record there is none.
 */
final class FlightRecorder implements SandboxListener {

  /** Whether a recording is on that wants tasks. */
  static boolean recordsTasks() {
    return jdk.jfr.FlightRecorder.isInitialized()
        && new TaskEvent().isEnabled(); // never leaves this line: the JIT does not allocate it
  }

  /** A task begins now; null if no recording wants it. */
  static @Nullable TaskEvent beginTask() {
    if (!jdk.jfr.FlightRecorder.isInitialized()) {
      return null;
    }
    TaskEvent event = new TaskEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void on(SandboxEvent event) {
    if (!jdk.jfr.FlightRecorder.isInitialized()) {
      return;
    }
    switch (event) {
      case SandboxEvent.Refused refused -> RefusalEvent.commit(refused);
      case SandboxEvent.Killed killed -> KillEvent.commit(killed);
      case SandboxEvent.PolicyChanged changed -> PolicyEvent.commit(changed);
      case SandboxEvent.PolicyRejected rejected -> PolicyEvent.commit(rejected);
      case SandboxEvent.TaskStarted started -> {} // a task is one event that lasts
      case SandboxEvent.TaskEnded ended -> {}
    }
  }
}
