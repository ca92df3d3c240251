package io.cordon.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ContractException;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.WireLimits;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever an application has its classes from, a contract of them can be shipped. */
final class ContractShippingTest {
  @TempDir Path directory;

  private static PluginJar application() {
    return new PluginJar()
        .source(
            "acme.Pricing",
            """
            package acme;
            public interface Pricing extends Audited {
              Price price(Item item) throws acme.errors.NoPrice;
            }
            """)
        .source(
            "acme.Audited",
            "package acme; public interface Audited { default String by() { return Tool.NAME; } }")
        .source(
            "acme.Tool",
            "package acme; class Tool { static final String NAME = name();"
                + " static String name() { return Service.class.getName(); } }")
        .source("acme.Service", "package acme; class Service {}")
        .source("acme.Unused", "package acme; class Unused {}")
        .source(
            "acme.Item",
            """
            package acme;
            public record Item(String name, Kind kind) {
              public Item(acme.store.Entity entity) { this(entity.name, Kind.PLAIN); }
              public enum Kind { PLAIN, FANCY { @Override public String toString() { return "f"; } } }
            }
            """)
        .source(
            "acme.Price",
            "package acme; public record Price(long cents) { static void log() { acme.store.Log.log(); } }")
        .source(
            "acme.errors.NoPrice", "package acme.errors; public class NoPrice extends Exception {}")
        .source(
            "acme.store.Entity",
            "package acme.store; public class Entity { public String name; static Log log; void x() { Log.log(); } }")
        .source(
            "acme.store.Log",
            "package acme.store; public class Log { public static void log() {} }");
  }

  private static final List<String> SHIPPED =
      List.of(
          "acme.Pricing",
          "acme.Audited",
          "acme.Tool",
          "acme.Service",
          "acme.Item",
          "acme.Item$Kind",
          "acme.Item$Kind$1",
          "acme.Price",
          "acme.errors.NoPrice",
          "acme.store.Entity");

  private static Map<String, byte[]> unpacked(PluginJar jar) throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar.bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private void ships(ClassLoader loader, Map<String, byte[]> files) throws Exception {
    Contract contract = Contract.of(loader.loadClass("acme.Pricing"));
    Map<String, byte[]> shipped = contract.classFiles();
    assertThat(shipped.keySet()).containsExactlyInAnyOrderElementsOf(SHIPPED);
    shipped.forEach(
        (name, bytes) -> assertThat(bytes).isEqualTo(files.get(name.replace('.', '/') + ".class")));
    try (InProcessWorker worker = InProcessWorker.plugin(directory.toFile())) {
      worker.host().ship(contract);
      worker
          .host()
          .ship(
              new PluginJar()
                  .entry("META-INF/services/acme.Pricing", "plugin.Mine")
                  .compiledClass("plugin/Mine.class", mine()));
      TestHost.Client pricing = worker.host().client(contract);
      assertThat(pricing.call("by")).isEqualTo("acme.Service");
    }
  }

  /** A plugin, compiled against the application. */
  private static byte[] mine() throws Exception {
    return requireNonNull(
        unpacked(
                application()
                    .source(
                        "plugin.Mine",
                        "package plugin; public class Mine implements acme.Pricing {"
                            + " public acme.Price price(acme.Item item) { return new acme.Price(1); } }"))
            .get("plugin/Mine.class"));
  }

  @Test
  void fromADirectoryOfClasses() throws Exception {
    Map<String, byte[]> files = unpacked(application());
    Path classes = Files.createDirectory(directory.resolve("classes"));
    write(files, classes);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      ships(loader, files);
    }
  }

  @Test
  void fromAJar() throws Exception {
    PluginJar application = application();
    Path jar = Files.write(directory.resolve("application.jar"), application.bytes());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      ships(loader, unpacked(application));
    }
  }

  @Test
  void fromALoaderThatHasThemFromSomewhereElse() throws Exception {
    // Such as one of jars within a jar: nothing but the loader can read them.
    Map<String, byte[]> files = unpacked(application());
    ships(
        new ClassLoader() {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = files.get(name.replace('.', '/') + ".class");
            if (file == null) {
              throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
          }

          @Override
          public @Nullable InputStream getResourceAsStream(String name) {
            byte[] file = files.get(name);
            return file == null ? null : new ByteArrayInputStream(file);
          }
        },
        files);
  }

  @Test
  void fromAModule() throws Exception {
    Map<String, byte[]> files = unpacked(application());
    ClassLoader loader = module("module app { opens acme; }", files);
    ships(loader, files);
  }

  @Test
  void aModuleThatKeepsItsRecordsClosedIsToldWhatToOpen() throws Exception {
    Map<String, byte[]> files = unpacked(application());
    Contract closed = Contract.of(module("module app {}", files).loadClass("acme.Pricing"));
    assertThatThrownBy(() -> new ValueCodecs(WireLimits.DEFAULT).of(closed))
        .isInstanceOf(ContractException.class)
        .hasMessageMatching("acme.(Item|Price) can't be reached: module app must open acme to .*");
    Contract open =
        Contract.of(module("module app { opens acme; }", files).loadClass("acme.Pricing"));
    assertThat(new ValueCodecs(WireLimits.DEFAULT).of(open)).hasSize(2);
  }

  @Test
  void aClassWithoutAFileIsRefused() throws Exception {
    Map<String, byte[]> files = unpacked(application());
    ClassLoader loader =
        new ClassLoader() {
          @Override
          protected Class<?> findClass(String name) {
            byte[] file = requireNonNull(files.get(name.replace('.', '/') + ".class"));
            return defineClass(name, file, 0, file.length);
          }
        };
    Contract contract = Contract.of(loader.loadClass("acme.Pricing"));
    assertThatThrownBy(contract::classFiles)
        .isInstanceOf(ContractException.class)
        .hasMessageContaining("has no class file");
  }

  private ClassLoader module(String declaration, Map<String, byte[]> files) throws Exception {
    Path classes = Files.createTempDirectory(directory, "module");
    write(files, classes);
    write(unpacked(application().source("module-info", declaration)), classes);
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("app"));
    return ModuleLayer.boot()
        .defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader())
        .findLoader("app");
  }

  private static void write(Map<String, byte[]> files, Path root) throws Exception {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
