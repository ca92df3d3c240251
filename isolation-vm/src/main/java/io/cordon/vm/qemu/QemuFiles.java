package io.cordon.vm.qemu;

import io.cordon.process.ConfinedProgram.Shown;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.HostTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What QEMU itself is made of on this host: its executable, the dynamic linker, libraries, the
 * module for emulation and the firmware of a micro-VM, at their own paths, since QEMU finds its
 * files from where it is itself. Immutable.
 */
final class QemuFiles {
  private static final HostTool LDD = new HostTool("ldd", "libc-bin");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** With a name that is searched for, or the dynamic linker's own path. */
  private static final Pattern LIBRARY =
      Pattern.compile("(?m)^\\s*(?:(\\S+) => )?(/\\S+) \\(0x[0-9a-f]+\\)$");

  private static final String EMULATION = "accel-tcg-x86_64.so"; // part of QEMU where not built so
  private static final List<String> MODULE_DIRECTORIES =
      List.of("lib/x86_64-linux-gnu/qemu", "lib64/qemu", "lib/qemu");

  /** Of the machine type microvm: qboot, and what puts a kernel into its place. */
  private static final List<String> FIRMWARE = List.of("bios-microvm.bin", "linuxboot_dma.bin");

  private static final List<String> OPTIONAL_FIRMWARE = List.of("pvh.bin", "kvmvapic.bin");

  private final List<Shown> shown;
  private final Map<String, String> environment;

  private QemuFiles(List<Shown> shown, Map<String, String> environment) {
    this.shown = List.copyOf(shown);
    this.environment = Map.copyOf(environment);
  }

  /**
   * Looks for the files of a QEMU.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if one is missing
   */
  static QemuFiles of(Path program) {
    Path prefix = program.resolve("../..").normalize();
    List<Shown> shown = new ArrayList<>();
    shown.add(new Shown.Executable(program, program));
    List<Path> linked = new ArrayList<>(List.of(program));
    MODULE_DIRECTORIES.stream()
        .map(directory -> prefix.resolve(directory).resolve(EMULATION))
        .filter(Files::exists)
        .findFirst()
        .ifPresent(
            module -> {
              shown.add(new Shown.Data(module, module));
              linked.add(module);
            });
    Map<Path, Boolean> libraries = libraries(linked);
    libraries.forEach(
        (path, linker) ->
            shown.add(linker ? new Shown.Executable(path, path) : new Shown.Data(path, path)));
    Path firmware = prefix.resolve("share/qemu");
    for (String name : FIRMWARE) {
      Path file = firmware.resolve(name);
      if (!Files.exists(file)) {
        throw new SandboxException(
            ErrorCode.STRATEGY_UNUSABLE,
            "QEMU's firmware is missing: " + file + "; run: apt-get install qemu-system-data");
      }
      shown.add(new Shown.Data(file, file));
    }
    for (String name : OPTIONAL_FIRMWARE) {
      Path file = firmware.resolve(name);
      if (Files.exists(file)) {
        shown.add(new Shown.Data(file, file));
      }
    }
    String directories =
        libraries.keySet().stream()
            .map(path -> String.valueOf(path.getParent()))
            .distinct()
            .sorted()
            .collect(Collectors.joining(":"));
    // Instead of the linker's cache, which tells of all that is installed here.
    return new QemuFiles(shown, Map.of("LD_LIBRARY_PATH", directories));
  }

  /** By what the host's dynamic linker says; whether each is that linker itself. */
  private static Map<Path, Boolean> libraries(List<Path> programs) {
    String said =
        LDD.require(Path.of("/"), PATIENCE, programs.stream().map(Path::toString).toList());
    Map<Path, Boolean> found = new TreeMap<>();
    for (Matcher line = LIBRARY.matcher(said); line.find(); ) {
      found.merge(Path.of(line.group(2)), line.group(1) == null, (a, b) -> a && b);
    }
    return found;
  }

  /** All of them. */
  List<Shown> shown() {
    return shown;
  }

  /** Where all of them are on the host, but for the executable itself. */
  List<Path> parts() {
    return shown.stream().skip(1).map(QemuFiles::source).toList();
  }

  private static Path source(Shown shown) {
    return switch (shown) {
      case Shown.Data(Path source, Path at) -> source;
      case Shown.Executable(Path source, Path at) -> source;
      case Shown.Device(Path device) -> device;
    };
  }

  /** All of them, and a device. */
  List<Shown> with(Path device) {
    List<Shown> all = new ArrayList<>(shown);
    all.add(new Shown.Device(device));
    return all;
  }

  /** Where the dynamic linker finds them. */
  Map<String, String> environment() {
    return environment;
  }
}
