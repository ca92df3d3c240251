package io.cordon.engine.policy;

import io.cordon.engine.admission.Gate;
import io.cordon.engine.event.Events;
import io.cordon.engine.task.TenantScope;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The policies of the tenants that are in use. Safe for use by several threads, of which one looks.
 */
public final class LivePolicies {
  private final PolicySource source;
  private final Gate gate;
  private final Effects effects;
  private final Events events;
  private final ConcurrentMap<String, LivePolicy> tenants = new ConcurrentHashMap<>();

  /** Policies of which nothing is read yet. */
  public LivePolicies(PolicySource source, Gate gate, Effects effects, Events events) {
    this.source = source;
    this.gate = gate;
    this.effects = effects;
    this.events = events;
  }

  /**
   * A tenant under its policy, which is read when it is first asked for.
   *
   * @throws io.cordon.policy.PolicyException if there is none, or it is wrong
   */
  public TenantScope tenant(String name) {
    return tenants
        .computeIfAbsent(name, it -> new LivePolicy(it, source, gate, effects, events))
        .scope();
  }

  /** Looks at each of them. Returns whether there is no need to look again soon. */
  boolean look() {
    boolean settled = true;
    for (LivePolicy each : tenants.values()) {
      settled &= look(each);
    }
    return settled;
  }

  /** A defect that shows with one tenant keeps no other from its policy. */
  private static boolean look(LivePolicy policy) {
    try {
      return policy.look();
    } catch (RuntimeException e) {
      System.getLogger("io.cordon.sandbox")
          .log(
              System.Logger.Level.WARNING,
              "the policy of tenant " + policy.scope().name() + " could not be looked at",
              e);
      return true;
    }
  }
}
