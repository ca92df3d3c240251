package io.cordon.engine.policy;

import io.cordon.engine.admission.Gate;
import io.cordon.engine.event.Events;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.Policy;
import io.cordon.policy.PolicyException;
import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.SandboxEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one tenant that is in use: the last that was good. Any thread may read it; one
 * looks after it.
 */
final class LivePolicy {
  private final String tenant;
  private final PolicySource source;
  private final Effects effects;
  private final Events events;
  private final TenantScope scope;
  private volatile Policy inForce;

  /** Of what was acted upon last, for good or ill. */
  private @Nullable String read;

  /** At the last look. */
  private @Nullable String seen;

  private List<PolicyProblem> problems = List.of();
  private boolean pending;

  /**
   * Reads it.
   *
   * @throws PolicyException if there is none, or it is wrong
   */
  LivePolicy(String tenant, PolicySource source, Gate gate, Effects effects, Events events) {
    this.tenant = tenant;
    this.source = source;
    this.effects = effects;
    this.events = events;
    this.inForce = source.policy(tenant);
    this.scope = new TenantScope(this::inForce, gate.of(tenant, inForce.limits().admission()));
  }

  private Policy inForce() {
    return inForce;
  }

  TenantScope scope() {
    return scope;
  }

  /**
   * Looks once. A file that was just changed may still be being written, and half of a policy is
   * one, too: it is read when it has stayed the same from one look to the next.
   *
   * @return whether there is no need to look again soon
   */
  boolean look() {
    String now = source.fingerprint(tenant);
    boolean same = now.equals(seen);
    seen = now;
    if (now.equals(read)) {
      return true;
    }
    return same && act(now);
  }

  private boolean act(String fingerprint) {
    Reading reading = reading();
    if (!source.fingerprint(tenant).equals(fingerprint)) {
      return false; // that was something else again
    }
    switch (reading) {
      case Reading.Good(Policy policy) -> adopt(policy);
      case Reading.Bad(List<PolicyProblem> found) -> reject(found);
    }
    read = fingerprint; // not before: what has failed halfway is done again
    return true;
  }

  private sealed interface Reading {
    record Good(Policy policy) implements Reading {}

    record Bad(List<PolicyProblem> problems) implements Reading {}
  }

  private Reading reading() {
    try {
      return new Reading.Good(source.policy(tenant));
    } catch (PolicyException e) {
      return new Reading.Bad(e.problems());
    }
  }

  private void adopt(Policy policy) {
    boolean wasWrong = !problems.isEmpty();
    problems = List.of();
    if (policy.equals(inForce) && !wasWrong && !pending) {
      return; // a comment
    }
    inForce = policy;
    pending = true; // until all of it is known to have been put into force, or not
    List<SandboxEvent.Pending> left = effects.of(scope);
    pending = !left.isEmpty();
    events.tell(new SandboxEvent.PolicyChanged(policy, left));
  }

  private void reject(List<PolicyProblem> found) {
    if (!found.equals(problems)) {
      problems = found;
      events.tell(new SandboxEvent.PolicyRejected(tenant, found));
    }
  }
}
