package io.cordon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A root directory with two shells and the usual small programs: copies of the host's, with their
 * libraries. On any strategy a command sees these and nothing else of the host.
 *
 * @param root the directory
 */
public record Tools(Path root) implements AutoCloseable {

  /** The names at its top. */
  public static final List<String> TOP = List.of("bin", "lib", "lib64", "share");

  /** A file in it that can be read and not executed. */
  public static final String TEXT = "/share/text";

  /** A file in it of two MiB. */
  public static final String DATA = "/share/data";

  /** How large that is. */
  public static final int DATA_BYTES = 2 << 20;

  private static final List<String> PROGRAMS =
      List.of(
          "bash",
          "cat",
          "chmod",
          "cp",
          "date",
          "dd",
          "echo",
          "env",
          "false",
          "find",
          "head",
          "id",
          "ln",
          "ls",
          "mkdir",
          "mkfifo",
          "mknod",
          "od",
          "sh",
          "sleep",
          "tail",
          "touch",
          "tr",
          "true",
          "truncate",
          "uname",
          "yes");

  // A line of ldd: the path of a library, and where it is loaded.
  private static final Pattern LIBRARY = Pattern.compile("(?m)(/\\S+) \\(0x");

  /** Makes one, which whoever runs a sandbox can read. */
  static Tools make() {
    try {
      Tools tools = new Tools(Files.createTempDirectory("tools").toRealPath());
      Files.setPosixFilePermissions(tools.root, PosixFilePermissions.fromString("rwxr-xr-x"));
      for (String directory : TOP) {
        Files.createDirectory(tools.root.resolve(directory));
      }
      for (String program : PROGRAMS) {
        tools.install(program);
      }
      Files.writeString(tools.inside(Path.of(TEXT)), "no program\n");
      Files.write(tools.inside(Path.of(DATA)), new byte[DATA_BYTES]);
      return tools;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the programs. */
  public Command command(String program, String... arguments) {
    return Command.of(program, arguments).root(root);
  }

  /** What a shell is to do; the arguments are its {@code $0}, {@code $1} and so on. */
  public Command sh(String script, String... arguments) {
    return Command.of(Stream.concat(Stream.of("sh", "-c", script), Stream.of(arguments)).toList())
        .root(root);
  }

  private void install(String program) throws IOException {
    Path found =
        Stream.of("/usr/bin", "/bin")
            .map(directory -> Path.of(directory, program))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new IOException("the tests need the program '" + program + "'"));
    copy(found, Path.of("/bin", program));
    Process ldd = new ProcessBuilder("ldd", found.toString()).start();
    String listed = new String(ldd.getInputStream().readAllBytes(), UTF_8);
    for (String library : LIBRARY.matcher(listed).results().map(line -> line.group(1)).toList()) {
      copy(Path.of(library), Path.of(library.replaceFirst("^/usr/lib", "/lib")));
    }
  }

  private void copy(Path file, Path to) throws IOException {
    Path copy = inside(to);
    if (!Files.exists(copy)) {
      Files.createDirectories(copy.resolveSibling(""));
      Files.copy(file.toRealPath(), copy);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private Path inside(Path path) {
    return root.resolve(Path.of("/").relativize(path));
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
