package io.cordon.engine.event;

import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxListener;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listener whose failures reach no task. The first is logged: there may be one for each task. */
final class Guarded implements SandboxListener {
  private final SandboxListener listener;
  private final AtomicBoolean failed = new AtomicBoolean();

  Guarded(SandboxListener listener) {
    this.listener = listener;
  }

  @Override
  public void on(SandboxEvent event) {
    try {
      listener.on(event);
    } catch (Throwable e) { // whatever it is: a task has to end, and tell its outcome
      if (failed.compareAndSet(false, true)) {
        complain(e);
      }
    }
  }

  private void complain(Throwable failure) {
    try {
      System.getLogger("io.cordon.sandbox")
          .log(
              System.Logger.Level.WARNING,
              "a listener failed, and is told of events all the same; this is said once: "
                  + listener.getClass().getName(),
              failure);
    } catch (RuntimeException | Error e) {
      // The application's logging is what fails: there is nobody left to tell.
    }
  }
}
