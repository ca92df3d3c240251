package io.cordon.engine.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Makes plugin jars out of source text. */
final class TestPlugin {
  private static final String SHOP =
      """
      package shop;
      import io.cordon.engine.plugin.contract.Shop;
      import java.util.*;
      public class Plugin implements Shop {
        private int calls;
        private final List<byte[]> eaten = new ArrayList<>();
        public long total(List<Line> lines) {
          return lines.stream().mapToLong(Line::price).sum();
        }
        public Optional<String> greeting() { return Optional.of("from the plugin"); }
        public String act(String what) {
          calls++;
          switch (what) {
            case "count": return "" + calls;
            case "loop": while (true) { }
            case "eat": while (true) { try { eaten.add(new byte[1 << 20]); } catch (OutOfMemoryError e) { } }
            case "exit": System.exit(7);
            case "halt": Runtime.getRuntime().halt(0);
            case "throw": throw new IllegalStateException("out of stock");
            case "print": System.out.println("printed"); return "printed";
            case "flood": while (true) System.out.println("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
            case "close-stdout":
              try { new java.io.FileOutputStream(java.io.FileDescriptor.out).close(); } catch (Exception e) { }
              return "closed";
            case "forge":
              try {
                new java.io.FileOutputStream(java.io.FileDescriptor.out).write(new byte[] {-1, -1, -1, -1, 0});
              } catch (Exception e) { }
              return "forged";
            case "later":
              Thread later = new Thread(() -> {
                try { Thread.sleep(50); } catch (InterruptedException e) { }
                Runtime.getRuntime().halt(9);
              });
              later.setDaemon(true);
              later.start();
              return "later";
            case "nothing": return null;
            default: return what;
          }
        }
      }
      """;

  private TestPlugin() {}

  /** A plugin that implements {@code Shop}. */
  static Path shop(Path directory) {
    return jar(directory, "shop.jar", "shop.Plugin", SHOP, "io.cordon.engine.plugin.contract.Shop");
  }

  /** A jar with one class, which is named as the implementation of an interface. */
  static Path jar(Path directory, String name, String className, String source, String service) {
    try {
      Path root = Files.createTempDirectory(directory, "plugin");
      Path file = root.resolve(className.replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-cp",
                  System.getProperty("java.class.path")
                      + ":"
                      + Path.of(
                          TestPlugin.class
                              .getProtectionDomain()
                              .getCodeSource()
                              .getLocation()
                              .getPath()),
                  file.toString());
      if (status != 0) {
        throw new AssertionError("the plugin does not compile");
      }
      Files.delete(file);
      Path services = root.resolve("META-INF/services/" + service);
      Files.createDirectories(services.getParent());
      Files.writeString(services, className + "\n");
      Path jar = directory.resolve(name);
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
          Stream<Path> files = Files.walk(root)) {
        for (Path entry : files.filter(Files::isRegularFile).toList()) {
          out.putNextEntry(new JarEntry(root.relativize(entry).toString()));
          Files.copy(entry, out);
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
