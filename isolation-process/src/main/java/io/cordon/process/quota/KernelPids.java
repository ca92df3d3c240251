package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The pids controller, the same in both versions but for who is told of a denial.
 *
 * <p>Since 6.11, with version 2, the group is told whose limit it was (commit 73e75e6fc352).
 * Otherwise it is the group in which somebody asked for a process, whoever's limit it was. Then it
 * is taken for that of the innermost group that is full; if none is any more, of the innermost that
 * has ever been. Denials are attributed once, when they are first seen: a limit may be another one
 * later.
 */
final class KernelPids implements PidsMeter, PidsTotal {
  /** Since 6.1. */
  private static final String PEAK = "pids.peak";

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
    Optional<ControlGroup> owner = ownersAreTold ? Optional.of(cell) : full();
    if (owner.equals(Optional.of(cell))) {
      own += all - seen;
    } else if (owner.isPresent()) {
      ofTenant += all - seen;
    }
    seen = all;
  }

  /**
   * Whose limit it was. A peak says less than who is there now, for it never falls again; but of a
   * cell in which nobody is any more, there is nothing else to say.
   */
  private Optional<ControlGroup> full() throws IOException {
    boolean over = now.value() == 0 && cell.has(PEAK);
    for (String count : over ? List.of(PEAK) : List.of("pids.current", PEAK)) {
      for (ControlGroup group : List.of(cell, tenant)) {
        if (fills(group, count)) {
          return Optional.of(group);
        }
      }
    }
    // Without peaks it can only be taken for the cell's own.
    return cell.has(PEAK) ? Optional.empty() : Optional.of(cell);
  }

  private static boolean fills(ControlGroup group, String count) throws IOException {
    String limit = group.read("pids.max");
    return !limit.equals("max")
        && group.has(count)
        && Long.parseLong(group.read(count)) >= Long.parseLong(limit);
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
