package io.cordon.process.program;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the host has its native programs. */
public final class HostPrograms {
  /** The directories that they and their libraries are in. */
  public static final List<Path> DIRECTORIES =
      List.of(
          Path.of("/usr"),
          Path.of("/bin"),
          Path.of("/sbin"),
          Path.of("/lib"),
          Path.of("/lib32"),
          Path.of("/lib64"),
          Path.of("/libx32"));

  /** Where a program is looked for that is named without a slash. */
  public static final List<Path> SEARCHED = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  private HostPrograms() {}

  /**
   * Where a program is: a name without a slash is looked for as a shell would.
   *
   * @throws SandboxException {@link ErrorCode#PROGRAM_NOT_FOUND} if there is none of this name
   */
  public static String find(String name) {
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
