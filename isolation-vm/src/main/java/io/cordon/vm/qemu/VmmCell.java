package io.cordon.vm.qemu;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import java.time.Duration;

/**
 * The cell that a machine's QEMU is put into.
 *
 * @param tenant whose it is
 * @param name the cell's name
 * @param limits what it may use: the guest's memory, and QEMU's own
 * @param tenantLimits what all cells of the tenant may use together
 * @param startMax how long it may take until QEMU has started, and a saved machine is loaded
 */
public record VmmCell(
    String tenant,
    String name,
    SandboxLimits limits,
    TenantLimits tenantLimits,
    Duration startMax) {}
