package io.cordon.samples.pluginhost;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;

/** A script whose {@code input} is the request's text and whose value is the response's. */
record ScriptPlugin(Script<String> script) implements TenantPlugin {

  @Override
  public Outcome<?> run(Tenant tenant, byte[] input) {
    // Bound as text: a tenant's JSON is parsed inside its sandbox, not in the host.
    return tenant.submit(script.bind("input", new String(input, UTF_8))).outcome();
  }
}
