package io.cordon.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a native program sees: the host's programs and libraries, and little of its {@code /etc}.
 */
final class NativeView {
  private static final List<String> PROGRAMS =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  /** What programs need to find their libraries, fonts, certificates and types. No secrets. */
  private static final List<String> SETTINGS =
      List.of(
          "/etc/ld.so.cache",
          "/etc/alternatives",
          "/etc/fonts",
          "/etc/localtime",
          "/etc/mime.types",
          "/etc/services",
          "/etc/protocols",
          "/etc/ssl/certs",
          "/etc/ssl/openssl.cnf",
          "/etc/ImageMagick-6",
          "/etc/ImageMagick-7");

  private static final List<Path> SEARCHED = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  void show(FileTree tree) {
    PROGRAMS.forEach(path -> tree.mirror(Path.of(path), true));
    SETTINGS.forEach(path -> tree.mirror(Path.of(path), false));
  }

  /** Where the host has a program of this name. */
  Optional<Path> find(String name) {
    return SEARCHED.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
