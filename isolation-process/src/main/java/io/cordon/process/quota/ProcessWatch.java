package io.cordon.process.quota;

import io.cordon.policy.TenantLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Watches cells whose processes no control group counts: one pass over {@code /proc} for all of
 * them.
 *
 * <p>A process belongs to a cell when the cell's init is among its ancestors, and belongs to it for
 * life: init is where orphans go. So everybody is told apart once, and strangers are left alone
 * afterwards; but for a few in each pass, since a pid may have gone to somebody else.
 */
final class ProcessWatch {
  /** A stranger is looked at anew once in so many passes. */
  private static final int ROTATION = 50;

  private final ProcessTable table;
  private final Sampler sampler;
  private final long pageSize;
  private final Runnable pass = this::pass;
  private final ConcurrentMap<String, WatchedTenant> tenants = new ConcurrentHashMap<>();

  // All below is guarded by this.
  private final Set<WatchedCell> cells = new HashSet<>();
  private final Map<Long, Member> members = new HashMap<>();
  private final Set<Long> strangers = new HashSet<>();
  private int passes;

  ProcessWatch(ProcessTable table, Sampler sampler) {
    this.table = table;
    this.sampler = sampler;
    this.pageSize = table.pageSize();
  }

  long pageSize() {
    return pageSize;
  }

  /** A process of a cell, as it was last seen. */
  private record Member(WatchedCell cell, ProcessStat stat) {}

  /** Begins to watch the descendants of a cell's init, and init itself. */
  synchronized void begin(WatchedCell cell, ProcessStat init) {
    cells.add(cell);
    members.put(init.pid(), new Member(cell, init));
    strangers.clear(); // init may have had children before we were told
    sampler.add(pass);
  }

  /** Ends that. */
  synchronized void end(WatchedCell cell) {
    cells.remove(cell);
    members.values().removeIf(member -> member.cell() == cell);
    if (cells.isEmpty()) {
      strangers.clear();
      sampler.remove(pass);
    }
  }

  /** Who is in a cell at this moment. */
  synchronized List<ProcessStat> crowdOf(WatchedCell cell) {
    if (!cells.contains(cell)) {
      return List.of();
    }
    look();
    return members.values().stream()
        .filter(member -> member.cell() == cell)
        .map(Member::stat)
        .toList();
  }

  /** The same, the dead left out. */
  List<Long> membersOf(WatchedCell cell) {
    return crowdOf(cell).stream().filter(stat -> !stat.dead()).map(ProcessStat::pid).toList();
  }

  /** Looks at everybody, once. */
  void pass() {
    Map<WatchedCell, List<ProcessStat>> crowds = new HashMap<>();
    synchronized (this) {
      look();
      cells.forEach(cell -> crowds.put(cell, new ArrayList<>()));
      for (Member member : members.values()) {
        crowds.getOrDefault(member.cell(), new ArrayList<>()).add(member.stat());
      }
    }
    // Without the lock: a cell that is over its limit is killed, which asks who is in it.
    crowds.forEach(WatchedCell::seen);
    Map<WatchedTenant, List<Crowd>> byTenant = new HashMap<>();
    crowds.forEach(
        (cell, members) ->
            byTenant
                .computeIfAbsent(cell.tenant(), _ -> new ArrayList<>())
                .add(new Crowd(cell, members)));
    byTenant.forEach(WatchedTenant::seen);
  }

  /** Who was in a cell in one pass. */
  record Crowd(WatchedCell cell, List<ProcessStat> members) {
    long bytes() {
      return cell.resident(members);
    }

    long divided() {
      return cell.divided(members);
    }
  }

  /** A tenant, and what its watched cells may have together from now on. */
  WatchedTenant tenant(String name, TenantLimits total) {
    WatchedTenant tenant = tenants.computeIfAbsent(name, _ -> new WatchedTenant());
    tenant.limit(total);
    return tenant;
  }

  /** Brings the members up to date. */
  private void look() {
    passes++;
    Map<Long, ProcessStat> unknown = new HashMap<>();
    Set<Long> here = new HashSet<>();
    for (long pid : table.pids()) {
      here.add(pid);
      if (strangers.contains(pid) && (pid + passes) % ROTATION != 0) {
        continue;
      }
      Optional<ProcessStat> stat = table.stat(pid);
      if (stat.isEmpty()) {
        here.remove(pid);
        continue;
      }
      Member member = members.get(pid);
      if (member != null && member.stat().startTicks() == stat.get().startTicks()) {
        members.put(pid, new Member(member.cell(), stat.get()));
      } else {
        unknown.put(pid, stat.get());
      }
    }
    members
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !here.contains(entry.getKey()) || unknown.containsKey(entry.getKey());
              if (gone) {
                entry.getValue().cell().died(entry.getValue().stat());
              }
              return gone;
            });
    strangers.retainAll(here);
    strangers.removeAll(unknown.keySet());
    unknown.values().forEach(stat -> assign(stat, unknown));
  }

  private void assign(ProcessStat stat, Map<Long, ProcessStat> unknown) {
    ProcessStat ancestor = stat;
    for (int generation = 0; generation <= unknown.size(); generation++) {
      long parent = ancestor.parent();
      Member member = members.get(parent);
      if (member != null) {
        members.put(stat.pid(), new Member(member.cell(), stat));
        return;
      }
      ProcessStat next = unknown.get(parent);
      if (next == null) {
        // A parent that has died meanwhile is neither: the next pass sees who adopted the child.
        if (parent == 0 || strangers.contains(parent)) {
          strangers.add(stat.pid());
        }
        return;
      }
      ancestor = next;
    }
  }
}
