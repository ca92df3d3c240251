package io.cordon.process.program;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a Java program is started in a cell. Immutable.
 *
 * @param files the host's files that it needs besides a Java runtime, by their paths in the cell
 * @param arguments its command line, from {@code java} on
 */
public record JavaCommand(Map<Path, Path> files, List<String> arguments) {
  /** Where the Java runtime is in a cell. */
  public static final Path HOME = Path.of("/cordon/java");

  /** The program that is executed. */
  public static final Path PROGRAM = HOME.resolve("bin/java");

  /** Where the class path's jars are in a cell. */
  public static final Path CLASS_PATH = Path.of("/cordon/lib");

  private static final Path STARTUP_CACHE = Path.of("/cordon/startup.aot");

  public JavaCommand {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    arguments = List.copyOf(arguments);
  }

  /**
   * The command of a program.
   *
   * @throws SandboxException {@link ErrorCode#LAUNCH_FAILED} if its jars can't be beside each other
   */
  public static JavaCommand of(Program.Jvm program) {
    Map<Path, Path> files = new TreeMap<>();
    List<String> jars = new ArrayList<>();
    for (Path jar : program.classPath()) {
      String name = String.valueOf(jar.getFileName());
      Path at = CLASS_PATH.resolve(name);
      if (files.put(at, jar) != null) {
        throw refused("two files of the class path have the name '" + name + "'");
      }
      if (name.indexOf(':') >= 0) {
        throw refused("the class path's file '" + name + "' has a colon in its name");
      }
      jars.add(at.toString());
    }
    List<String> arguments = new ArrayList<>();
    arguments.add("java");
    arguments.addAll(program.options());
    program
        .startupCache()
        .ifPresent(
            cache -> {
              files.put(STARTUP_CACHE, cache);
              arguments.add("-XX:AOTCache=" + STARTUP_CACHE);
            });
    arguments.add("-cp");
    arguments.add(String.join(":", jars));
    arguments.add(program.mainClass());
    arguments.addAll(program.arguments());
    return new JavaCommand(files, arguments);
  }

  private static SandboxException refused(String reason) {
    return new SandboxException(ErrorCode.LAUNCH_FAILED, reason);
  }
}
