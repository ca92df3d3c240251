package io.cordon.engine.event;

import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxListener;
import java.util.List;

/**
 * Where everything that is told of tasks and policies comes by. Whole tasks are for those who ask
 * for them; refusals, kills and changes of a policy are rare, and told to the flight recorder and
 * the audit log in any case.
 */
public final class Events {
  private final List<Guarded> listeners;
  private final List<Guarded> always;

  /**
   * Tells of tasks.
   *
   * @param listeners of the application
   */
  public Events(List<SandboxListener> listeners) {
    this.listeners = listeners.stream().map(Guarded::new).toList();
    this.always = List.of(new Guarded(new FlightRecorder()), new Guarded(new AuditLog()));
  }

  /** What tells of tasks like this; nothing is told before one of them begins. */
  public TaskSpan tasks(String tenant, WorkloadKind kind) {
    return TaskSpan.pending(this, tenant, kind);
  }

  /** Something has happened to a policy. */
  public void tell(SandboxEvent.OfPolicy event) {
    tellAll(event);
  }

  /** Whether anybody wants to know of tasks that just begin and end. */
  boolean tasksWatched() {
    return !listeners.isEmpty() || FlightRecorder.recordsTasks();
  }

  void tellOfTask(SandboxEvent event) {
    listeners.forEach(listener -> listener.on(event));
  }

  void tellAll(SandboxEvent event) {
    always.forEach(listener -> listener.on(event));
    tellOfTask(event);
  }
}
