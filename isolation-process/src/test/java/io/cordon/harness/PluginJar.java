package io.cordon.harness;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A plugin jar made on the spot: compiled from source, and packed as any plugin is. */
public final class PluginJar {

  private final List<JavaFileObject> sources = new ArrayList<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Path classPath;

  private PluginJar(Path classPath) {
    this.classPath = classPath;
  }

  /** A jar whose sources may use what lies beside this contract. */
  public static PluginJar against(Class<?> contract) {
    return new PluginJar(
        Path.of(
            URI.create(contract.getProtectionDomain().getCodeSource().getLocation().toString())));
  }

  /** Adds a class. */
  public PluginJar source(String className, String code) {
    sources.add(
        new SimpleJavaFileObject(
            URI.create("string:///" + className.replace('.', '/') + ".java"),
            JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        });
    return this;
  }

  /** Says which class implements a contract. */
  public PluginJar service(Class<?> contract, String implementation) {
    return entry(
        "META-INF/services/" + contract.getName(), implementation.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a file as it is. */
  public PluginJar entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Compiles and packs it. */
  public Path packed(Path jar) {
    try {
      Path classes = Files.createTempDirectory(jar.getParent(), "classes");
      compile(classes);
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
          Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
          Files.copy(file, out);
          out.closeEntry();
        }
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          out.putNextEntry(new JarEntry(entry.getKey()));
          out.write(entry.getValue());
          out.closeEntry();
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(Path classes) {
    if (sources.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Writer messages = new StringWriter();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", classPath.toString(), "-proc:none");
    if (!compiler.getTask(messages, null, null, options, null, sources).call()) {
      throw new IllegalArgumentException(messages.toString());
    }
  }
}
