package io.cordon.vm.harness;

import io.cordon.vm.guest.RootTree;
import io.cordon.vm.host.HostTool;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Files of this host that tests take into a guest. */
public final class GuestFiles {
  /** Where the JDK that tests run on is in a guest. */
  public static final String JAVA = "/java";

  /** Where the class path is. */
  public static final String CLASS_PATH = "/classpath";

  /** What programs have in their environment. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/java/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
          "HOME", "/tmp",
          "LANG", "C.UTF-8");

  private static final HostTool LDD = new HostTool("ldd", "libc-bin");
  private static final HostTool DPKG = new HostTool("dpkg", "dpkg");
  private static final Pattern LIBRARY = Pattern.compile("(?m)(/\\S+) \\(0x[0-9a-f]+\\)$");
  private static final List<String> NOT_TO_RUN =
      List.of("jmods", "src.zip", "man", "demo", "legal");
  private static final List<Path> NOT_INSTALLED =
      List.of(
          Path.of("/usr/share/doc"),
          Path.of("/usr/share/man"),
          Path.of("/usr/share/locale"),
          Path.of("/usr/share/lintian"));

  private GuestFiles() {}

  /** The packages whose programs tests start, under the names that Debian has for them here. */
  public static List<String> usualPackages() throws IOException {
    String python = String.valueOf(Path.of("/usr/bin/python3").toRealPath().getFileName());
    return List.of(
        "coreutils",
        "dash",
        "findutils",
        "grep",
        "lib" + python + "-minimal",
        "lib" + python + "-stdlib",
        "poppler-utils",
        "procps",
        "python3-minimal",
        python + "-minimal",
        "sed",
        "util-linux");
  }

  /** An otherwise empty root with what nearly every program looks at. */
  public static RootTree base() {
    return new RootTree()
        .directory("/var/tmp")
        .text("/etc/passwd", "root:x:0:0:root:/tmp:/bin/sh\nguest:x:1000:1000:guest:/tmp:/bin/sh\n")
        .text("/etc/group", "root:x:0:\nguest:x:1000:\n")
        .text("/etc/hosts", "127.0.0.1 localhost guest\n")
        .text("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
  }

  /** Adds programs of the host, with the libraries that they are linked to. */
  public static RootTree addPrograms(RootTree root, Path... programs) throws IOException {
    for (Path program : programs) {
      root.mirror(program);
    }
    addLibraries(root, List.of(programs));
    return root;
  }

  /** Adds what the host's packages installed, but for documentation, and their libraries. */
  public static RootTree addPackages(RootTree root, List<String> packages) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-L"));
    arguments.addAll(packages);
    List<Path> linked = new ArrayList<>();
    for (String line :
        DPKG.require(Path.of("/"), Duration.ofMinutes(1), arguments).lines().toList()) {
      Path file = Path.of(line);
      if (line.startsWith("/")
          && Files.isRegularFile(file)
          && NOT_INSTALLED.stream().noneMatch(file::startsWith)) {
        root.mirror(file);
        if (isElf(file)) {
          linked.add(file);
        }
      }
    }
    addLibraries(root, linked);
    return root;
  }

  private static boolean isElf(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(4), new byte[] {0x7f, 'E', 'L', 'F'});
    }
  }

  /** By asking the host's dynamic linker. */
  private static void addLibraries(RootTree root, List<Path> programs) throws IOException {
    if (programs.isEmpty()) {
      return;
    }
    String found =
        LDD.run(Path.of("/"), Duration.ofMinutes(2), programs.stream().map(Path::toString).toList())
            .output(); // its status is of no use: a program may need no library
    for (String library :
        new TreeSet<>(LIBRARY.matcher(found).results().map(each -> each.group(1)).toList())) {
      if (!library.startsWith(System.getProperty("java.home"))) {
        root.mirror(Path.of(library));
      }
    }
  }

  /** Adds the JDK that this JVM runs on, without what only compilers and readers need. */
  public static RootTree addJava(RootTree root) throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    root.copy(home, JAVA, path -> !NOT_TO_RUN.contains(String.valueOf(path.getFileName())));
    addLibraries(root, List.of(home.resolve("bin/java"), home.resolve("lib/server/libjvm.so")));
    return root.mirror(Path.of("/lib/x86_64-linux-gnu/libz.so.1"));
  }

  /** Adds directories and jars, and returns the class path that they are in the guest. */
  public static String addClassPath(RootTree root, List<Path> entries) throws IOException {
    List<String> places = new ArrayList<>();
    for (Path entry : entries) {
      if (Files.exists(entry)) {
        // numbered, since many are named alike
        String place = "%s/%02d-%s".formatted(CLASS_PATH, places.size(), entry.getFileName());
        root.copy(entry, place);
        places.add(place);
      }
    }
    return String.join(":", places);
  }

  /** The class path of this JVM. */
  public static List<Path> ownClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .toList();
  }

  /** The directory or jar of this JVM's class path that a class is in. */
  public static Path classesOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** A command as a shell takes it: with nothing that a shell would expand. */
  public static String quoted(List<String> command) {
    return "'" + String.join("' '", command) + "'";
  }

  /** Commands that run the JDK of a guest. */
  public static JavaCommand java(String classPath, List<String> options) {
    return new JavaCommand(classPath, options);
  }

  /**
   * Commands that run the JDK of a guest.
   *
   * @param classPath in the guest
   * @param options of its JVM
   */
  public record JavaCommand(String classPath, List<String> options) {

    /** Runs a class. */
    public List<String> main(Class<?> type, String... arguments) {
      return main(type.getName(), List.of(arguments));
    }

    /** Runs JUnit's console, which must be on the class path, with what to select. */
    public List<String> junit(String... selectors) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("execute", "--disable-banner", "--disable-ansi-colors"));
      arguments.addAll(List.of("--details=tree", "--fail-if-no-tests"));
      arguments.addAll(List.of(selectors));
      return main("org.junit.platform.console.ConsoleLauncher", arguments);
    }

    private List<String> main(String type, List<String> arguments) {
      List<String> command = new ArrayList<>();
      command.add(JAVA + "/bin/java");
      command.addAll(options);
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath, type));
      command.addAll(arguments);
      return command;
    }
  }
}
