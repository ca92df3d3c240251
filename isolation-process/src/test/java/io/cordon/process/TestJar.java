package io.cordon.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes jars of test classes. */
final class TestJar {
  private TestJar() {}

  /** Writes classes into a jar. */
  static Path write(Path jar, Class<?>... classes) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each : classes) {
        String name = each.getName().replace('.', '/') + ".class";
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream in = each.getClassLoader().getResourceAsStream(name)) {
          if (in == null) {
            throw new IOException("no " + name);
          }
          in.transferTo(zip);
        }
      }
    }
    return jar;
  }
}
