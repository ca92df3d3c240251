package io.cordon.process;

import io.cordon.process.ConfinedProgram.Shown;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.program.HostPrograms;
import io.cordon.process.program.JavaCommand;
import io.cordon.process.program.RootDirectory;
import io.cordon.process.seccomp.Profile;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a cell sees, holds and executes.
 *
 * @param tree the files
 * @param execution the program; empty for a cell that ends at once
 * @param profile which system calls it may make
 * @param carried descriptors of this JVM that the program gets too, after the inputs' numbers
 */
record CellView(
    FileTree tree, Optional<Execution> execution, Profile profile, List<Descriptor> carried) {
  private static final String HOSTS = "/etc/hosts";
  static final int MOST_INPUTS = 256;
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

  CellView {
    carried = List.copyOf(carried);
  }

  CellView(FileTree tree, Optional<Execution> execution, Profile profile) {
    this(tree, execution, profile, List.of());
  }

  /** Renders a specification, and refuses what can't be meant. */
  static CellView of(
      Host host, CellSpec spec, Supplier<NativeView> nativeView, Supplier<JavaRuntime> runtime) {
    checkName(spec.name());
    checkInputs(spec.inputs());
    spec.environment().forEach(CellView::checkVariable);
    Map<String, String> environment = new TreeMap<>();
    environment.put("HOME", CellSpec.WORKING_DIRECTORY);
    environment.put("TMPDIR", "/tmp");
    FileTree tree = new FileTree();
    return switch (spec.program()) {
      case Program.Native program -> {
        Optional<RootDirectory> root = program.root().map(RootDirectory::of);
        root.ifPresentOrElse(own -> show(own, tree), () -> nativeView.get().show(tree));
        settings(tree, spec.name());
        environment.put("PATH", "/usr/bin:/bin");
        environment.putAll(spec.environment());
        String name = program.arguments().getFirst();
        // Twice disk.max: the tmpfs says ENOSPC before SIGXFSZ kills, and sparse files end too.
        long largest = 2 * spec.limits().disk().bytes();
        yield new CellView(
            tree,
            Optional.of(
                new Execution(
                    root.map(own -> own.find(name)).orElseGet(() -> HostPrograms.find(name)),
                    program.arguments(),
                    environment,
                    largest)),
            Profile.COMMAND);
      }
      case Program.Jvm program -> {
        runtime.get().show(tree);
        settings(tree, spec.name());
        environment.putAll(spec.environment());
        JavaCommand command = JavaCommand.of(program);
        command
            .files()
            .forEach(
                (at, file) -> {
                  checkReadable(host, file);
                  tree.bind(file, at, false);
                });
        // ZGC's heap is a file as large as the heap may get; memory.max is what limits it.
        yield new CellView(
            tree,
            Optional.of(
                new Execution(
                    JavaCommand.PROGRAM.toString(),
                    command.arguments(),
                    environment,
                    Host.UNLIMITED)),
            Profile.JVM);
      }
    };
  }

  /** Renders what a cell of a guest sees and executes; the image of the guest has it all. */
  static CellView inGuest(CellSpec spec, GuestCells.Program program, Path hosts) {
    checkInputs(spec.inputs());
    spec.environment().forEach(CellView::checkVariable);
    Map<String, String> environment = new TreeMap<>();
    environment.put("HOME", CellSpec.WORKING_DIRECTORY);
    environment.put("TMPDIR", "/tmp");
    FileTree tree = new FileTree();
    program.shown().forEach(each -> tree.own(each.at(), each.directory(), each.executable()));
    program.links().forEach((at, target) -> tree.link(at.toString(), target));
    settings(tree);
    tree.ownIfFree(hosts, Path.of(HOSTS));
    boolean command = spec.program() instanceof Program.Native;
    if (command) {
      environment.put("PATH", "/usr/bin:/bin");
    }
    environment.putAll(spec.environment());
    return new CellView(
        tree,
        Optional.of(
            new Execution(
                program.program(),
                program.arguments(),
                environment,
                command ? 2 * spec.limits().disk().bytes() : Host.UNLIMITED)),
        command ? Profile.COMMAND : Profile.JVM);
  }

  /**
   * Renders one of our own programs: it sees what is named, and nothing that libraries look for.
   */
  static CellView of(Host host, ConfinedProgram program) {
    checkName(program.name());
    program.environment().forEach(CellView::checkVariable);
    FileTree tree = new FileTree();
    for (Shown shown : program.files()) {
      switch (shown) {
        case Shown.Data(Path source, Path at) -> {
          checkReadable(host, source);
          tree.bind(source, at, false);
        }
        case Shown.Executable(Path source, Path at) -> {
          checkReadable(host, source);
          tree.bind(source, at, true);
        }
        case Shown.Device(Path device) -> tree.device(device);
      }
    }
    Execution execution =
        new Execution(
            program.arguments().getFirst(),
            program.arguments(),
            program.environment(),
            program.largestFile());
    return new CellView(tree, Optional.of(execution), program.profile(), program.carried());
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw refused("the cell's name '" + name + "' is not of the form " + NAME.pattern());
    }
  }

  /** A cell that sees nothing and ends at once, with every layer put on. */
  static CellView ofProbe(CellSpec spec) {
    FileTree tree = new FileTree();
    settings(tree, spec.name());
    return new CellView(tree, Optional.empty(), Profile.COMMAND);
  }

  private static void checkInputs(List<InputFile> inputs) {
    if (inputs.size() > MOST_INPUTS) {
      throw refused(inputs.size() + " input files: more than " + MOST_INPUTS);
    }
    Set<String> names = new HashSet<>();
    for (InputFile input : inputs) {
      String name = input.name();
      boolean plain =
          !name.isEmpty()
              && name.indexOf('/') < 0
              && name.indexOf('\0') < 0
              && !name.equals(".")
              && !name.equals("..");
      if (!plain) {
        throw refused("the input file '" + name + "' has no plain file name");
      }
      if (!names.add(name)) {
        throw refused("two input files have the name '" + name + "'");
      }
    }
  }

  private static void checkVariable(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
      throw refused("'" + name + "' can't be an environment variable");
    }
  }

  private static void show(RootDirectory root, FileTree tree) {
    Path top = Path.of("/");
    root.directories()
        .forEach(name -> tree.directory(root.path().resolve(name), top.resolve(name), true));
    root.links().forEach((name, target) -> tree.link("/" + name, target));
  }

  /**
   * The few files that libraries look for; the host's own would tell about the host. A root
   * directory's own are left alone.
   */
  private static void settings(FileTree tree, String name) {
    tree.textIfFree(HOSTS, "127.0.0.1 localhost %s\n::1 localhost\n".formatted(name));
    settings(tree);
  }

  private static void settings(FileTree tree) {
    int id = CellPlanner.CELL_ID;
    tree.textIfFree("/etc/passwd", "cell:x:%d:%d:cell:/work:/bin/sh\n".formatted(id, id));
    tree.textIfFree("/etc/group", "cell:x:%d:\n".formatted(id));
    tree.textIfFree("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    tree.link("/dev/fd", "/proc/self/fd");
    tree.link("/dev/stdin", "/proc/self/fd/0");
    tree.link("/dev/stdout", "/proc/self/fd/1");
    tree.link("/dev/stderr", "/proc/self/fd/2");
    tree.link("/dev/shm", "/tmp"); // POSIX shared memory, within disk.max
  }

  /** A private directory above it does no harm, its own mode does: the cell's user isn't root. */
  private static void checkReadable(Host host, Path file) {
    try {
      if (host.root()
          && !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw refused(file + " can't be read by the tenant's user: chmod o+r " + file);
      }
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, file + " can't be shown to a cell", e);
    }
  }

  private static SandboxException refused(String reason) {
    return new SandboxException(ErrorCode.LAUNCH_FAILED, reason);
  }
}
