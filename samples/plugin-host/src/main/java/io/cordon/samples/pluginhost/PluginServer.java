package io.cordon.samples.pluginhost;

import io.javalin.Javalin;
import java.net.URI;

/** The HTTP server, on loopback. */
final class PluginServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Javalin javalin;

  PluginServer(PluginRoutes routes) {
    javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              // A request waits for its task: a virtual thread costs nothing meanwhile.
              config.concurrency.useVirtualThreads = true;
              config.http.maxRequestSize = PluginRoutes.MAX_INPUT_BYTES;
              config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
              config.routes.before(new LoopbackOnly());
              routes.addTo(config.routes);
            });
  }

  /**
   * Begins to serve.
   *
   * @param port the port, or 0 for one that is free
   * @return the address
   */
  URI start(int port) {
    javalin.start(HOST, port);
    return URI.create("http://" + HOST + ":" + javalin.port());
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
