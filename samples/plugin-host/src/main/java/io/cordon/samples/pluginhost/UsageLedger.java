package io.cordon.samples.pluginhost;

import io.cordon.sandbox.Outcome;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What each plugin has used since the application was started. Safe for use by several threads. */
final class UsageLedger {
  private final ConcurrentMap<PluginId, RunningTotal> totals = new ConcurrentHashMap<>();

  /** Charges one task. */
  void add(PluginId id, Outcome<?> outcome) {
    totals.merge(id, RunningTotal.of(outcome), RunningTotal::plus);
  }

  /** What a tenant has used; nothing, if it never ran anything. */
  TenantUsage usage(String tenant) {
    Map<String, RunningTotal> plugins = new TreeMap<>();
    RunningTotal total = RunningTotal.NONE;
    for (Map.Entry<PluginId, RunningTotal> entry : totals.entrySet()) {
      if (entry.getKey().tenant().equals(tenant)) {
        plugins.put(entry.getKey().plugin(), entry.getValue());
        total = total.plus(entry.getValue());
      }
    }
    return new TenantUsage(tenant, total, plugins);
  }
}
