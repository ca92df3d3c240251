package io.cordon.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a plugin from source text, and packs it into a jar. */
final class PluginJar {
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** Adds a class. */
  PluginJar source(String className, String source) {
    sources.put(className, source);
    return this;
  }

  /** Adds the entry by which an implementation of an interface is found. */
  PluginJar service(Class<?> contract, String implementation) {
    return entry("META-INF/services/" + contract.getName(), implementation + "\n");
  }

  /** Adds any entry. */
  PluginJar entry(String name, String content) {
    entries.put(name, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a class that is compiled already. */
  PluginJar compiledClass(String name, byte[] file) {
    entries.put(name, file);
    return this;
  }

  byte[] bytes() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>(entries);
    all.putAll(compile());
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      for (Map.Entry<String, byte[]> entry : all.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return jar.toByteArray();
  }

  private Map<String, byte[]> compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();
    List<Source> units =
        sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
    StringWriter problems = new StringWriter();
    try (JavaFileManager files = new Output(compiler, classes)) {
      List<String> options =
          List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
      if (!units.isEmpty()
          && !compiler.getTask(problems, files, null, options, null, units).call()) {
        throw new IllegalArgumentException(problems.toString());
      }
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    classes.forEach(
        (name, bytes) -> files.put(name.replace('.', '/') + ".class", bytes.toByteArray()));
    return files;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("text:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Output(JavaCompiler compiler, Map<String, ByteArrayOutputStream> classes) {
      super(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      classes.put(className, bytes);
      return new SimpleJavaFileObject(URI.create("text:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }
}
