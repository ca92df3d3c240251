package io.cordon.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many tasks of each tenant run, whether anybody asks or not. */
final class RunningTasks {
  private final ConcurrentMap<String, AtomicInteger> tenants = new ConcurrentHashMap<>();
  private final List<MeterRegistry> registries = new ArrayList<>(); // guarded by this

  synchronized void bindTo(MeterRegistry registry) {
    registries.add(registry);
    tenants.forEach((tenant, count) -> register(registry, tenant, count));
  }

  void started(String tenant) {
    AtomicInteger known = tenants.get(tenant);
    (known != null ? known : add(tenant)).incrementAndGet();
  }

  void ended(String tenant) {
    AtomicInteger known = tenants.get(tenant);
    if (known != null) {
      known.decrementAndGet();
    }
  }

  /** Under the same lock as {@link #bindTo}: each tenant gets to each registry, and once. */
  private synchronized AtomicInteger add(String tenant) {
    return tenants.computeIfAbsent(
        tenant,
        name -> {
          AtomicInteger count = new AtomicInteger();
          registries.forEach(registry -> register(registry, name, count));
          return count;
        });
  }

  private static void register(MeterRegistry registry, String tenant, AtomicInteger count) {
    Gauge.builder("cordon.tasks.running", count, AtomicInteger::get)
        .description("Tasks that were admitted and have not ended")
        .baseUnit("tasks")
        .tag("tenant", tenant)
        .register(registry);
  }
}
