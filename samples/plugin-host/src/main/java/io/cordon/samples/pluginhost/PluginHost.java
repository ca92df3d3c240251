package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordon.sandbox.Sandboxes;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The application: closing it ends the server, and then everything that tenants still run. */
final class PluginHost implements AutoCloseable {
  private final PluginServer server;
  private final Sandboxes sandboxes;
  private final URI address;

  private PluginHost(PluginServer server, Sandboxes sandboxes, URI address) {
    this.server = server;
    this.sandboxes = sandboxes;
    this.address = address;
  }

  /**
   * Opens the application.
   *
   * @param policies a policy file for each tenant
   * @param plugins what the tenants have installed
   * @param port the port, or 0 for one that is free
   * @param progress is told what takes long
   */
  static PluginHost open(Path policies, Path plugins, int port, Consumer<String> progress) {
    Sandboxes sandboxes = Sandboxes.builder(policies).progress(progress).open();
    try {
      TenantPlugins tenants =
          new TenantPlugins(sandboxes, new UsageLedger(), InstalledPlugins.in(plugins));
      PluginServer server = new PluginServer(new PluginRoutes(tenants, new ObjectMapper()));
      return new PluginHost(server, sandboxes, server.start(port));
    } catch (RuntimeException | Error e) {
      sandboxes.close();
      throw e;
    }
  }

  /** Where it is served. */
  URI address() {
    return address;
  }

  @Override
  public void close() {
    // No request comes in any more when its tenants' sandboxes go.
    server.close();
    sandboxes.close();
  }
}
