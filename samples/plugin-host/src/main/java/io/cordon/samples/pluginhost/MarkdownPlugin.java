package io.cordon.samples.pluginhost;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.samples.pluginhost.contract.MarkdownRenderer;
import io.cordon.samples.pluginhost.contract.Page;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import java.util.List;

/** A jar that implements {@link MarkdownRenderer}. */
record MarkdownPlugin(Plugin jar) implements TenantPlugin {

  @Override
  public Outcome<?> run(Tenant tenant, byte[] input) {
    // A sandbox for each request: no document meets what an earlier one left behind.
    try (Sandbox sandbox = tenant.open(jar)) {
      Page page = sandbox.service(MarkdownRenderer.class).render(new String(input, UTF_8));
      TaskReport report =
          new TaskReport(tenant.name(), sandbox.isolation(), sandbox.usage(), List.of());
      return new Outcome.Succeeded<>(page, report);
    } catch (OutcomeException e) {
      return e.outcome();
    } catch (SandboxException e) {
      Isolation nothing = Isolation.refused(List.of(e.reason()));
      TaskReport report = new TaskReport(tenant.name(), nothing, Usage.NONE, List.of());
      return new Outcome.Refused<>(e.code(), e.reason(), report);
    }
  }
}
