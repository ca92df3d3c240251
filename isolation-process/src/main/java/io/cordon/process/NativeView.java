package io.cordon.process;

import io.cordon.process.program.HostPrograms;
import java.nio.file.Path;
import java.util.List;

/**
 * What a native program sees of the host: its programs and libraries, and little of its {@code
 * /etc}. What is in these directories may change at any time; whether they exist is looked up once.
 */
final class NativeView {
  /** What programs need to find libraries, fonts, certificates and types. No secrets, no users. */
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

  private final FileTree tree;

  private NativeView(FileTree tree) {
    this.tree = tree;
  }

  /** Looks at this host. */
  static NativeView ofThisHost() {
    FileTree tree = new FileTree();
    HostPrograms.DIRECTORIES.forEach(path -> tree.mirror(path, true));
    SETTINGS.forEach(path -> tree.mirror(Path.of(path), false));
    return new NativeView(tree);
  }

  void show(FileTree to) {
    to.addAll(tree);
  }
}
