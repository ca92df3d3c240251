package io.cordon.process.quota;

import io.cordon.policy.TenantLimits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The groups between the application's and its cells', which hold each tenant to its total. */
final class TenantGroups {
  private final Placement placement;
  private final ConcurrentMap<String, Tenant> tenants = new ConcurrentHashMap<>();

  TenantGroups(Placement placement) {
    this.placement = placement;
  }

  /** What is in force of a tenant. Guards itself. */
  private static final class Tenant {
    private TenantLimits inForce = TenantLimits.NONE;
  }

  /** Puts a total into force, if it isn't. */
  void limit(String name, TenantLimits total) throws IOException {
    Tenant tenant = tenants.computeIfAbsent(name, _ -> new Tenant());
    synchronized (tenant) {
      if (tenant.inForce.equals(total)) {
        return;
      }
      for (Controller controller : Controller.values()) {
        Optional<ApplicationGroup> application = placement.group(controller);
        if (application.isPresent() && !controller.onDemand()) {
          limit(controller, total, application.get().openTenant(name));
        }
      }
      tenant.inForce = total;
    }
  }

  private void limit(Controller controller, TenantLimits total, ControlGroup group)
      throws IOException {
    List<Setting> settings = placement.version().settings(controller, total);
    placement.version().makeWay(controller, total, group);
    Setting.applyAll(settings, group);
  }
}
