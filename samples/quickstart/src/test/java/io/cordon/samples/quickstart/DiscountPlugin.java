package io.cordon.samples.quickstart;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;

/** A plugin as a tenant would send it in: compiled elsewhere, and on no class path of the host. */
final class DiscountPlugin {
  private static final String SOURCE =
      """
      package com.acme;

      import io.cordon.samples.quickstart.DiscountRule;

      public final class TenPercentOff implements DiscountRule {
        @Override
        public long price(Order order) {
          return order.lines().stream().mapToLong(Line::price).sum() * 9 / 10;
        }
      }
      """;

  private DiscountPlugin() {}

  /** Compiles the plugin and packs its jar. */
  static Path make(Path scratch) throws IOException {
    Path source = Files.writeString(scratch.resolve("TenPercentOff.java"), SOURCE);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                scratch.toString(),
                source.toString());
    if (status != 0) {
      throw new IllegalStateException("javac: " + status);
    }
    byte[] compiled = Files.readAllBytes(scratch.resolve("com/acme/TenPercentOff.class"));
    byte[] service = "com.acme.TenPercentOff\n".getBytes(StandardCharsets.UTF_8);
    Path jar = scratch.resolve("discounts.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Map.Entry<String, byte[]> entry :
          Map.of(
                  "com/acme/TenPercentOff.class",
                  compiled,
                  "META-INF/services/" + DiscountRule.class.getName(),
                  service)
              .entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return jar;
  }
}
