package io.cordon.samples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Packs {@link EchoPlugin} as a plugin jar. */
final class EchoPluginJar {
  private EchoPluginJar() {}

  static Path write(Path jar) throws IOException {
    String classFile = EchoPlugin.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        InputStream in = EchoPlugin.class.getResourceAsStream("/" + classFile)) {
      if (in == null) {
        throw new IOException("no class file " + classFile);
      }
      out.putNextEntry(new JarEntry(classFile));
      in.transferTo(out);
      out.closeEntry();
      out.putNextEntry(new JarEntry("META-INF/services/" + Echo.class.getName()));
      out.write(EchoPlugin.class.getName().getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
    return jar;
  }
}
