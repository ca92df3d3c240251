package io.cordon.engine;

import io.cordon.policy.Policy;

/** Where the policies of tenants come from. */
@FunctionalInterface
public interface PolicySource {

  /**
   * The policy of one tenant.
   *
   * @throws io.cordon.policy.PolicyException if there is none, or it is wrong
   */
  Policy policy(String tenant);
}
