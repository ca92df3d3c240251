package io.cordon.conformance;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.PluginJar;
import io.cordon.sandbox.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The plugin that most of the suite calls. */
final class ShelfPlugin {

  private ShelfPlugin() {}

  /** Packs it into a directory. */
  static Plugin in(Path directory) {
    try (InputStream source = ShelfPlugin.class.getResourceAsStream("/plugins/Shelf.java")) {
      if (source == null) {
        throw new IllegalStateException("no /plugins/Shelf.java on the class path");
      }
      return Plugin.jar(
          PluginJar.against(Warehouse.class)
              .source("shop.Shelf", new String(source.readAllBytes(), StandardCharsets.UTF_8))
              .service(Warehouse.class, "shop.Shelf")
              .packed(directory.resolve("shelf.jar")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
