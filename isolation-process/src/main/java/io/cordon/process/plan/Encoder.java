package io.cordon.process.plan;

/** Writes a plan's steps as machine code. */
interface Encoder {

  /**
   * The code, which may stand anywhere.
   *
   * @param plan the plan
   * @param memory where its data will be
   */
  byte[] encode(LaunchPlan plan, PlanMemory memory);
}
