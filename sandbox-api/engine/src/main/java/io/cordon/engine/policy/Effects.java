package io.cordon.engine.policy;

import io.cordon.engine.task.TenantScope;
import io.cordon.sandbox.SandboxEvent;
import java.util.List;

/** What follows from a changed policy. */
@FunctionalInterface
public interface Effects {

  /**
   * Brings a tenant's policy to all that runs already.
   *
   * @return what could not be put into force
   */
  List<SandboxEvent.Pending> of(TenantScope tenant);
}
