package io.cordon.micrometer;

import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Meters of the tasks of an application: of those that end once it is bound to a registry. Safe for
 * use by several threads.
 *
 * {@snippet :
 * CordonMetrics metrics = new CordonMetrics();
 * metrics.bindTo(registry);                              // Spring Boot does, if it is a bean
 * Sandboxes sandboxes = Sandboxes.builder(Path.of("policies")).listener(metrics).open();
 * }
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type</th><th>tags</th></tr>
 * <tr><td>{@code cordon.tasks}</td><td>timer: from the dispatch to the end, without pauses</td>
 *     <td>{@code tenant}, {@code kind}, {@code strategy}, {@code outcome}, {@code limit}</td></tr>
 * <tr><td>{@code cordon.tasks.running}</td><td>gauge: admitted, and not ended</td>
 *     <td>{@code tenant}</td></tr>
 * <tr><td>{@code cordon.refusals}</td><td>counter</td>
 *     <td>{@code tenant}, {@code kind}, {@code code}</td></tr>
 * <tr><td>{@code cordon.kills}</td><td>counter</td>
 *     <td>{@code tenant}, {@code kind}, {@code strategy}, {@code limit}, {@code evidence}</td></tr>
 * <tr><td>{@code cordon.policy.reloads}</td><td>counter</td>
 *     <td>{@code tenant}, {@code result}: {@code changed} or {@code rejected}</td></tr>
 * </table>
 *
 * <p>A tag that does not apply is {@code none}. No tag is a guest's choice: tenants are those that
 * have a policy, and everything else is a name of Cordon's, so there are only so many meters.
 */
public final class CordonMetrics implements MeterBinder, SandboxListener {
  private final RunningTasks running = new RunningTasks();
  private final List<Meters> bound = new CopyOnWriteArrayList<>();

  /** Meters that are bound to no registry yet. */
  public CordonMetrics() {}

  /** Meters go to this registry, too, from now on. */
  @Override
  public void bindTo(MeterRegistry registry) {
    running.bindTo(registry);
    bound.add(new Meters(registry));
  }

  @Override
  public void on(SandboxEvent event) {
    switch (event) {
      case SandboxEvent.TaskStarted started -> running.started(started.tenant());
      case SandboxEvent.TaskEnded ended -> {
        running.ended(ended.tenant());
        bound.forEach(meters -> meters.ended(ended));
      }
      case SandboxEvent.Refused refused -> bound.forEach(meters -> meters.refused(refused));
      case SandboxEvent.Killed killed -> bound.forEach(meters -> meters.killed(killed));
      case SandboxEvent.PolicyChanged changed ->
          bound.forEach(meters -> meters.reloaded(changed, "changed"));
      case SandboxEvent.PolicyRejected rejected ->
          bound.forEach(meters -> meters.reloaded(rejected, "rejected"));
    }
  }
}
