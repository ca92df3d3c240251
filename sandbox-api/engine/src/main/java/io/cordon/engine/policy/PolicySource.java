package io.cordon.engine.policy;

import io.cordon.policy.Policy;

/** Where the policies of tenants come from. Safe for use by several threads. */
public interface PolicySource {

  /**
   * The policy of one tenant.
   *
   * @throws io.cordon.policy.PolicyException if there is none, or it is wrong
   */
  Policy policy(String tenant);

  /**
   * What the policy is read from, in brief: as long as it is the same, so is the policy, or what is
   * wrong with it.
   */
  String fingerprint(String tenant);

  /** Tells that something may have changed. */
  Changes changes();
}
