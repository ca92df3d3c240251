package io.cordon.samples.quickstart;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/** The jars of the quickstart, put together in the ways in which applications are started. */
final class ClassPath {
  private final List<Path> jars;

  private ClassPath(List<Path> jars) {
    this.jars = jars;
  }

  /** What this test runs on: the quickstart's jar and all that it needs. */
  static ClassPath ofThisTest() {
    return new ClassPath(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .toList());
  }

  /** Jars beside each other. */
  List<String> plainJars() {
    return List.of("-cp", join(jars), Quickstart.class.getName());
  }

  /** As an IDE starts it: the classes of each of the modules in a directory. */
  List<String> directories(Path scratch) throws IOException {
    List<Path> entries = new ArrayList<>();
    for (Path jar : jars) {
      entries.add(isCordon(jar) ? unpack(jar, scratch.resolve(name(jar))) : jar);
    }
    return List.of("-cp", join(entries), Quickstart.class.getName());
  }

  /** One jar with all the others inside, as Spring Boot makes it. */
  List<String> fatJar(Path scratch) throws IOException {
    Path quickstart = jars.stream().filter(ClassPath::isQuickstart).findFirst().orElseThrow();
    Path fat = scratch.resolve("fat.jar");
    Repackager repackager = new Repackager(quickstart.toFile());
    repackager.setMainClass(Quickstart.class.getName());
    repackager.repackage(
        fat.toFile(),
        callback -> {
          for (Path jar : jars) {
            if (!jar.equals(quickstart)) {
              callback.library(
                  new Library(
                      name(jar), jar.toFile(), LibraryScope.RUNTIME, null, false, false, true));
            }
          }
        });
    return List.of("-jar", fat.toString());
  }

  private static boolean isQuickstart(Path jar) {
    return has(jar, Quickstart.class.getName().replace('.', '/') + ".class");
  }

  private static boolean isCordon(Path jar) {
    return has(jar, "io/cordon/");
  }

  private static boolean has(Path jar, String entry) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getEntry(entry) != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path unpack(Path jar, Path directory) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().filter(each -> !each.isDirectory()).toList()) {
        Path target = directory.resolve(entry.getName());
        Files.createDirectories(target.resolveSibling(""));
        try (InputStream content = file.getInputStream(entry)) {
          Files.copy(content, target);
        }
      }
    }
    return directory;
  }

  private static String name(Path jar) {
    return String.valueOf(jar.getFileName());
  }

  private static String join(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
