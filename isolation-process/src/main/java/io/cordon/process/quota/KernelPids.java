package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;

/**
 * The pids controller, the same in both versions but for who is told of a denial.
 *
 * <p>Since 6.11, with version 2, the group is told whose limit it was (commit 73e75e6fc352).
 * Otherwise it is the group in which somebody asked for a process, whoever's limit it was. Then it
 * was the innermost group's that has been full. Denials are attributed once, when they are first
 * seen: a limit may be another one later.
 */
final class KernelPids implements PidsMeter, PidsTotal {
  private final ControlGroup cell;
  private final ControlGroup tenant;
  private final CounterFile now;
  private final CounterFile denials;
  private final CounterFile tenantDenials;
  private final boolean ownersAreTold;
  private final long before;

  // All below is guarded by this.
  private long seen;
  private long own;
  private long ofTenant;

  private KernelPids(ControlGroup cell, ControlGroup tenant) throws IOException {
    this.cell = cell;
    this.tenant = tenant;
    this.now = cell.counter("pids.current");
    this.ownersAreTold = cell.has("pids.events.local");
    String events = ownersAreTold ? "pids.events.local" : "pids.events";
    this.denials = cell.counter(events);
    this.tenantDenials = tenant.counter(events);
    this.before = ownersAreTold ? tenantDenials.field("max") : 0;
  }

  /** Counts in the group of a new cell, and in that of its tenant. */
  static KernelPids of(ControlGroup cell, ControlGroup tenant) throws IOException {
    return new KernelPids(cell, tenant);
  }

  @Override
  public long current() throws IOException {
    return now.value();
  }

  @Override
  public synchronized long denied() throws IOException {
    attribute();
    return own;
  }

  /**
   * Where owners are told, of any cell of the tenant's: the kernel does not say which, and all of
   * them are up against the same total.
   */
  @Override
  public synchronized long deniedForTenant() throws IOException {
    if (ownersAreTold) {
      return tenantDenials.field("max") - before;
    }
    attribute();
    return ofTenant;
  }

  private void attribute() throws IOException {
    long all = denials.field("max");
    if (all == seen) {
      return;
    }
    if (ownersAreTold || wasFull(cell)) {
      own += all - seen;
    } else if (wasFull(tenant)) {
      ofTenant += all - seen;
    }
    seen = all;
  }

  private static boolean wasFull(ControlGroup group) throws IOException {
    String limit = group.read("pids.max");
    if (limit.equals("max")) {
      return false;
    }
    // since 6.1; before, a denial can only be taken for the cell's own
    return !group.has("pids.peak")
        || Long.parseLong(group.read("pids.peak")) >= Long.parseLong(limit);
  }

  @Override
  public Evidence evidence() {
    return Evidence.KERNEL;
  }

  @Override
  public void close() {
    now.close();
    denials.close();
    tenantDenials.close();
  }
}
