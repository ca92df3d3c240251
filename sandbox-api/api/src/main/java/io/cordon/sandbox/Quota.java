package io.cordon.sandbox;

import io.cordon.policy.Limit;

/**
 * What can be changed of a sandbox while it runs. Immutable; each method gives a changed copy.
 *
 * {@snippet :
 * box.resize(quota -> quota.memory("192Mi").cpu("250m"));
 * }
 *
 * @param cpuMillis {@code cpu.max}: thousandths of a core
 * @param memoryBytes {@code memory.max}: bytes
 * @param pids {@code pids.max}: processes and threads together
 */
public record Quota(long cpuMillis, long memoryBytes, int pids) {

  /**
   * Another {@code cpu.max}.
   *
   * @param amount as a policy has it: {@code 500m}, {@code 1.5}
   * @throws IllegalArgumentException if that is no such amount
   */
  public Quota cpu(String amount) {
    return new Quota(Limit.CPU.parse(amount), memoryBytes, pids);
  }

  /**
   * Another {@code memory.max}.
   *
   * @param amount as a policy has it: {@code 192Mi}
   * @throws IllegalArgumentException if that is no such amount
   */
  public Quota memory(String amount) {
    return new Quota(cpuMillis, Limit.MEMORY.parse(amount), pids);
  }

  /** Another {@code pids.max}. */
  public Quota pids(int count) {
    return new Quota(cpuMillis, memoryBytes, count);
  }
}
