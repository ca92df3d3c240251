package io.cordon.process.quota;

import io.cordon.policy.Limit;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The groups between the application's and its cells', which hold each tenant to its total. */
final class TenantGroups {
  private final Placement placement;
  private final ConcurrentMap<String, Tenant> tenants = new ConcurrentHashMap<>();

  TenantGroups(Placement placement) {
    this.placement = placement;
  }

  /** What is known of a tenant. Guards itself. */
  private static final class Tenant {
    private TenantLimits inForce = TenantLimits.NONE;

    /** What {@link TenantGroups#change} has said; it counts for more than what a launch says. */
    private @Nullable TenantLimits told;

    private boolean hasCells;
  }

  /**
   * Puts the total into force under which a cell is to be opened, if it isn't.
   *
   * @param planned when the cell was
   * @return the total that counts now
   * @throws SandboxException {@link ErrorCode#LIMIT_IN_USE} if the tenant has more than that
   */
  TenantLimits enter(String name, TenantLimits planned) throws IOException {
    Tenant tenant = tenant(name);
    synchronized (tenant) {
      TenantLimits total = tenant.told != null ? tenant.told : planned;
      tenant.hasCells = true;
      limit(name, tenant, total);
      return total;
    }
  }

  /**
   * Another total counts from now on.
   *
   * @throws SandboxException {@link ErrorCode#LIMIT_IN_USE} if the tenant has more than that now;
   *     the rest of it is in force
   */
  void change(String name, TenantLimits total) throws IOException {
    Tenant tenant = tenant(name);
    synchronized (tenant) {
      tenant.told = total;
      if (tenant.hasCells) { // or there is nothing to hold yet
        limit(name, tenant, total);
      }
    }
  }

  private Tenant tenant(String name) {
    return tenants.computeIfAbsent(name, _ -> new Tenant());
  }

  private void limit(String name, Tenant tenant, TenantLimits total) throws IOException {
    if (tenant.inForce.equals(total)) {
      return;
    }
    IOException refusal = null;
    for (Controller controller : Controller.values()) {
      Optional<ApplicationGroup> application = placement.group(controller);
      if (application.isPresent() && !controller.onDemand()) {
        ControlGroup group = application.get().openTenant(name);
        if (controller == Controller.MEMORY) {
          refusal = limitMemory(total, group);
        } else {
          limit(controller, total, group);
        }
      }
    }
    if (refusal != null) {
      throw new SandboxException(
          ErrorCode.LIMIT_IN_USE,
          "the sandboxes of tenant %s use more than its memory.max of %s: close some, or raise it"
              .formatted(name, Limit.MEMORY.format(total.memoryMax().orElse(0))),
          refusal);
    }
    tenant.inForce = total;
  }

  /** Memory alone may be in use, and not to be had back; what else there is holds all the same. */
  private @Nullable IOException limitMemory(TenantLimits total, ControlGroup group) {
    try {
      if (total.memoryMax().isPresent()) {
        placement.version().reclaim(group, total.memoryMax().getAsLong());
      }
      limit(Controller.MEMORY, total, group);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private void limit(Controller controller, TenantLimits total, ControlGroup group)
      throws IOException {
    List<Setting> settings = placement.version().settings(controller, total);
    placement.version().makeWay(controller, total, group);
    Setting.applyAll(settings, group);
  }
}
