package io.cordon.policy;

import java.util.List;

/**
 * The policy of a tenant, with the origin of each of its values.
 *
 * {@snippet :
 * for (PolicyExplanation.Value value : directory.explain("acme").values()) {
 *   System.out.println(value.key() + ": " + value.value() + "   # " + value.origin());
 * }
 * // sandbox.memory.max: 512Mi   # ceiling.yaml:7 cuts acme.yaml:12 (1Gi)
 * // sandbox.pids.max: 64        # built in
 * }
 *
 * @param policy the effective policy
 * @param values every key in the order of the manual
 */
public record PolicyExplanation(Policy policy, List<Value> values) {

  /** The value of a key that limits nothing. */
  public static final String NO_LIMIT = "no limit";

  public PolicyExplanation {
    values = List.copyOf(values);
  }

  /**
   * The effective value of one key.
   *
   * @param key the keys that lead to it, joined by dots: {@code sandbox.memory.max}
   * @param value the value as a policy file would have it, or {@link #NO_LIMIT}
   * @param origin where it comes from
   */
  public record Value(String key, String value, Origin origin) {}
}
