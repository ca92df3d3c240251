/**
 * How a cell is held to its memory, cpu and pids: by control groups, or by watching.
 *
 * <p>{@link io.cordon.process.quota.QuotaEnforcers} tries what the host lets itself be told. In
 * each hierarchy of control groups, below the JVM's own group, there is one of the application
 * ({@code cordon-<pid>-<start>-<serial>}), in that one of each tenant, and in that one of each
 * cell. A tenant's group holds all of its cells to the tenant's total; who is killed or denied for
 * that is told by the counters of both groups. What differs between the two versions of the
 * kernel's control groups is in {@code CgroupV1} and {@code CgroupV2}, and nowhere else. A figure
 * that no controller holds is watched over {@code /proc}.
 *
 * <p>A paused cell is frozen, or stopped by signals. With version 1 the frozen take no signal: when
 * the JVM is killed meanwhile they stay, and do nothing, until the next start finds them.
 */
@NullMarked
package io.cordon.process.quota;

import org.jspecify.annotations.NullMarked;
