package io.cordon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A root directory with two shells, the usual small programs and Python: copies of the host's, with
 * their libraries. On any strategy a command sees these and nothing else of the host.
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

  private static final String PYTHON = "/usr/bin/python3";
  private static final String PYTHON_INSIDE = "/share/python/bin/python3";

  /** Prints whose files a program needs that imports no more than this, as the host has them. */
  private static final String MODULES =
      """
      import sys
      import array, ctypes, encodings.ascii, encodings.latin_1, errno, fcntl, mmap, os, resource
      import signal, site, socket, stat, struct, threading, time
      for module in list(sys.modules.values()):
          file = getattr(module, "__file__", None)
          if file:
              print(file)
      """;

  // A line of ldd: the path of a library, and where it is loaded.
  private static final Pattern LIBRARY = Pattern.compile("(?m)(/\\S+) \\(0x");

  /** Makes one, which whoever runs a sandbox can read. */
  public static Tools make() {
    try {
      Tools tools = new Tools(Files.createTempDirectory("tools").toRealPath());
      Files.setPosixFilePermissions(tools.root, PosixFilePermissions.fromString("rwxr-xr-x"));
      for (String directory : TOP) {
        Files.createDirectory(tools.root.resolve(directory));
      }
      for (String program : PROGRAMS) {
        tools.install(program);
      }
      tools.installPython();
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

  /** Python, with what it is to do. */
  public Command python(List<String> arguments) {
    return command(PYTHON_INSIDE, arguments.toArray(String[]::new));
  }

  /** What a shell is to do; the arguments are its {@code $0}, {@code $1} and so on. */
  public Command sh(String script, String... arguments) {
    return Command.of(Stream.concat(Stream.of("sh", "-c", script), Stream.of(arguments)).toList())
        .root(root);
  }

  /** Python, with the modules that the attacks import, compiled beforehand. */
  private void installPython() throws IOException {
    copy(Path.of(PYTHON), Path.of(PYTHON_INSIDE));
    copyLibraries(Path.of(PYTHON));
    Set<Path> directories = new TreeSet<>();
    for (String module : output(PYTHON, "-I", "-S", "-c", MODULES).lines().toList()) {
      // An interpreter looks for them beside itself, but never in the root.
      Path at = Path.of(module.replaceFirst("^/usr/", "/share/python/"));
      copy(Path.of(module), at);
      directories.add(inside(at).resolveSibling(""));
      if (module.endsWith(".so")) {
        copyLibraries(Path.of(module));
      }
    }
    List<String> compile =
        new ArrayList<>(
            List.of(PYTHON, "-I", "-m", "compileall", "-q", "-l", "-s", root.toString()));
    // An image keeps no times, by which the interpreter usually knows what is up to date.
    compile.addAll(List.of("--invalidation-mode", "unchecked-hash"));
    directories.forEach(directory -> compile.add(directory.toString()));
    output(compile.toArray(String[]::new));
  }

  private void install(String program) throws IOException {
    Path found =
        Stream.of("/usr/bin", "/bin")
            .map(directory -> Path.of(directory, program))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new IOException("the tests need the program '" + program + "'"));
    copy(found, Path.of("/bin", program));
    copyLibraries(found);
  }

  private void copyLibraries(Path program) throws IOException {
    String listed = output("ldd", program.toString());
    for (String library : LIBRARY.matcher(listed).results().map(line -> line.group(1)).toList()) {
      copy(Path.of(library), Path.of(library.replaceFirst("^/usr/lib", "/lib")));
    }
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
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
