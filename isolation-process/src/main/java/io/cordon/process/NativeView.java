package io.cordon.process;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a native program sees of the host: its programs and libraries, and little of its {@code
 * /etc}. What is in these directories may change at any time; whether they exist is looked up once.
 */
final class NativeView {
  private static final List<String> PROGRAMS =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

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

  private static final List<Path> SEARCHED = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  private final FileTree tree;

  private NativeView(FileTree tree) {
    this.tree = tree;
  }

  /** Looks at this host. */
  static NativeView ofThisHost() {
    FileTree tree = new FileTree();
    PROGRAMS.forEach(path -> tree.mirror(Path.of(path), true));
    SETTINGS.forEach(path -> tree.mirror(Path.of(path), false));
    return new NativeView(tree);
  }

  void show(FileTree to) {
    to.addAll(tree);
  }

  /**
   * Where a program is: a name without a slash is looked for as a shell would.
   *
   * @throws SandboxException if there is none of this name
   */
  String find(String name) {
    if (name.indexOf('/') >= 0) {
      return name;
    }
    return SEARCHED.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    ErrorCode.PROGRAM_NOT_FOUND,
                    "no program '" + name + "' in /usr/bin or /bin: install it on the host"));
  }
}
