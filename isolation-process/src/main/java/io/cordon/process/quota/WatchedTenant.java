package io.cordon.process.quota;

import io.cordon.policy.TenantLimits;
import io.cordon.process.quota.ProcessWatch.Crowd;
import java.util.Comparator;
import java.util.List;

/**
 * A tenant whose cells are watched. When they have more memory together than the tenant may have,
 * and that is seen twice in a row, the one that has the most is killed. No processor time and no
 * process is denied to them for the total: nothing but the kernel can.
 */
final class WatchedTenant {
  private volatile TenantLimits total = TenantLimits.NONE;

  // All below is guarded by this.
  private long memoryPeak;
  private boolean overMemory;

  void limit(TenantLimits now) {
    total = now;
  }

  /** Takes in who was there in one pass, of all cells of this tenant that are watched. */
  void seen(List<Crowd> crowds) {
    long max = total.memoryMax().orElse(Long.MAX_VALUE);
    if (!over(crowds, max)) {
      return;
    }
    crowds.stream()
        .max(Comparator.comparingLong(Crowd::bytes))
        .ifPresent(crowd -> crowd.cell().dieForTenant());
  }

  private synchronized boolean over(List<Crowd> crowds, long max) {
    long bytes = crowds.stream().mapToLong(Crowd::bytes).sum();
    if (bytes > max) { // what they share was counted for each
      bytes = crowds.stream().mapToLong(Crowd::divided).sum();
    }
    memoryPeak = Math.max(memoryPeak, bytes);
    boolean twice = overMemory && bytes > max;
    // The next one is only due when this one's death has been seen, and did not suffice.
    overMemory = bytes > max && !twice;
    return twice;
  }

  synchronized long memoryPeak() {
    return memoryPeak;
  }
}
