package io.cordon.vm.image;

import io.cordon.process.program.Executable;
import io.cordon.process.program.HostPrograms;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.guest.RootTree.Directory;
import io.cordon.vm.guest.RootTree.Link;
import io.cordon.vm.host.HostTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Puts one native program of the host into a root, with its dynamic linker, the libraries that it
 * is linked to, and the data that some well-known libraries look for. What it would find only while
 * it runs is not there: other programs, a shell, plug-ins, modules of an interpreter.
 */
final class NativeView {
  private static final HostTool ENV = new HostTool("env", "coreutils");
  private static final Duration LISTING = Duration.ofMinutes(1);
  private static final Pattern LIBRARY = Pattern.compile("(?m)^\\s*(?:\\S+ => )?(/\\S+) \\(0x");
  private static final Pattern MISSING = Pattern.compile("(?m)^\\s*(\\S+) => not found");
  private static final Pattern PROCESSORS = Pattern.compile("/glibc-hwcaps/[^/]+");
  private static final Path SETTINGS = Path.of("/etc");

  /** No secrets, no users. */
  private static final List<String> FOR_ALL =
      List.of(
          "/etc/ld.so.cache",
          "/etc/localtime",
          "/etc/mime.types",
          "/etc/services",
          "/etc/protocols");

  /** By how the file of a library begins. */
  private static final Map<String, List<String>> FOR_LIBRARIES =
      Map.of(
          "libfontconfig.so", List.of("/etc/fonts", "/usr/share/fontconfig", "/usr/share/fonts"),
          "libpoppler.so", List.of("/usr/share/poppler"),
          "libMagickCore-6", List.of("/etc/ImageMagick-6"),
          "libMagickCore-7", List.of("/etc/ImageMagick-7"));

  private NativeView() {}

  /**
   * What a program sees.
   *
   * @throws SandboxException {@link ErrorCode#PROGRAM_NOT_FOUND} if it isn't there, or needs more
   *     than it is linked to
   */
  static View of(String program) throws IOException {
    Path path = Path.of(program);
    if (!path.isAbsolute() || !Files.exists(path)) {
      throw notFound("no program " + program + " on the host: install it");
    }
    if (!isOfTheHost(path.normalize()) || !isOfTheHost(path.toRealPath())) {
      throw notFound(
          program + " is none of the host's own programs (in /usr or /bin); " + nameARoot());
    }
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw notFound(program + " may not be executed");
    }
    List<Path> linked = new ArrayList<>(List.of(path));
    switch (Executable.of(path)) {
      case Executable.Machine machine ->
          machine
              .interpreter()
              .ifPresent(
                  linker -> {
                    linked.add(linker);
                    linked.addAll(libraries(linker, path));
                  });
      case Executable.Script script ->
          throw notFound(program + " is a script, and needs more than itself; " + nameARoot());
      case Executable.Unknown unknown ->
          throw notFound(program + " is no program of 64 bits that this host executes");
    }
    RootTree tree = new RootTree();
    for (Path file : linked) {
      tree.mirror(file);
    }
    addData(tree, linked);
    return viewOf(tree, linked);
  }

  private static boolean isOfTheHost(Path path) {
    return HostPrograms.DIRECTORIES.stream().anyMatch(path::startsWith);
  }

  /** By asking the program's own dynamic linker, which runs nothing of what it lists. */
  private static List<Path> libraries(Path linker, Path program) {
    if (!isOfTheHost(linker)) {
      throw notFound(program + " names the dynamic linker " + linker + "; " + nameARoot());
    }
    String listed =
        ENV.require(
            Path.of("/"),
            LISTING,
            List.of(
                "-u",
                "LD_PRELOAD",
                "-u",
                "LD_LIBRARY_PATH",
                linker.toString(),
                "--list",
                program.toString()));
    List<String> missing =
        MISSING.matcher(listed).results().map(found -> found.group(1)).distinct().toList();
    if (!missing.isEmpty()) {
      throw notFound(program + " needs " + missing + ", which this host lacks: install them");
    }
    return LIBRARY
        .matcher(listed)
        .results()
        .map(found -> forAnyProcessor(found.group(1)))
        .distinct()
        .toList();
  }

  /** What the linker prefers on this processor may crash on a guest's, which is a lesser one. */
  private static Path forAnyProcessor(String library) {
    Path plain = Path.of(PROCESSORS.matcher(library).replaceFirst(""));
    return Files.exists(plain) ? plain : Path.of(library);
  }

  private static void addData(RootTree tree, List<Path> linked) throws IOException {
    List<String> data = new ArrayList<>(FOR_ALL);
    FOR_LIBRARIES.forEach(
        (name, places) -> {
          if (linked.stream().anyMatch(path -> path.getFileName().toString().startsWith(name))) {
            data.addAll(places);
          }
        });
    for (String each : data) {
      if (Files.exists(Path.of(each))) {
        tree.mirror(Path.of(each));
      }
    }
  }

  /** The image holds nothing else, so whole directories are shown, but for the cell's own /etc. */
  private static View viewOf(RootTree tree, List<Path> linked) {
    Map<Path, String> links = new TreeMap<>();
    TreeSet<Shown> shown = new TreeSet<>((one, other) -> one.at().compareTo(other.at()));
    tree.nodes()
        .forEach(
            (at, node) -> {
              boolean setting = at.startsWith(SETTINGS) && at.getNameCount() > 1;
              Path part = Path.of("/").resolve(at.subpath(0, setting ? 2 : 1));
              boolean whole = part.equals(at);
              if (whole && node instanceof Link(String target)) {
                links.put(at, target);
              } else if (!(whole && node instanceof Directory)) {
                shown.add(new Shown(part, !whole, !setting));
              }
            });
    return new View(tree, List.copyOf(shown), links, List.copyOf(linked));
  }

  private static String nameARoot() {
    return "name a root directory that holds all it needs (Command.root)";
  }

  private static SandboxException notFound(String reason) {
    return new SandboxException(ErrorCode.PROGRAM_NOT_FOUND, reason);
  }
}
