package io.cordon.attacks;

import io.cordon.harness.PluginJar;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;

/** A plugin that says back what it is told: a victim's. */
final class PeacefulPlugin {

  private static final String SOURCE =
      """
      package victim;

      public class Peaceful implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          return request;
        }
      }
      """;

  private PeacefulPlugin() {}

  static Plugin packed(Path directory) {
    return Plugin.jar(
        PluginJar.against(Guest.class)
            .source("victim.Peaceful", SOURCE)
            .service(Guest.class, "victim.Peaceful")
            .packed(directory.resolve("peaceful.jar")));
  }

  /** What it answers in a sandbox of its own. */
  static String act(Tenant tenant, Path directory, String request) {
    try (Sandbox box = tenant.open(packed(directory))) {
      return box.service(Guest.class).act(request);
    }
  }
}
