package io.cordon.process.quota;

/**
 * Processor time per period, as the kernel's bandwidth control wants it.
 *
 * @param quotaMicros how much of each period
 * @param periodMicros how long a period is
 */
record CpuBandwidth(long quotaMicros, long periodMicros) {
  // kernel/sched/core.c: max_cfs_quota_period is 1 s, min_cfs_quota_period is 1 ms
  private static final long USUAL_PERIOD = 100_000;
  private static final long LONGEST_PERIOD = 1_000_000;
  private static final long LEAST_QUOTA = 1_000;

  static CpuBandwidth ofMillicores(long millicores) {
    long quota = USUAL_PERIOD / 1000 * millicores;
    return quota >= LEAST_QUOTA
        ? new CpuBandwidth(quota, USUAL_PERIOD)
        : new CpuBandwidth(LONGEST_PERIOD / 1000 * millicores, LONGEST_PERIOD);
  }

  /** Rounded up, so that a limit is never said to be tighter than it is. */
  long millicores() {
    return Math.ceilDiv(quotaMicros * 1000, periodMicros);
  }
}
