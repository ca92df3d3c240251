package io.cordon.conformance;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.PluginJar;
import io.cordon.sandbox.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test's parameter of type {@link Plugin} the plugin that most of the suite calls. */
public final class ShelfPlugin implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(ShelfPlugin.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Plugin.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // One for all test classes of this JVM, which JUnit closes with its last.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Packed.class, absent -> pack(), Packed.class)
        .plugin();
  }

  private static Packed pack() {
    try (InputStream source = ShelfPlugin.class.getResourceAsStream("/plugins/Shelf.java")) {
      if (source == null) {
        throw new IllegalStateException("no /plugins/Shelf.java on the class path");
      }
      Path directory = Files.createTempDirectory("plugin");
      Path jar =
          PluginJar.against(Warehouse.class)
              .source("shop.Shelf", new String(source.readAllBytes(), StandardCharsets.UTF_8))
              .service(Warehouse.class, "shop.Shelf")
              .packed(directory.resolve("shelf.jar"));
      return new Packed(directory, Plugin.jar(jar));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Packed(Path directory, Plugin plugin) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
