package io.cordon.vm.qemu;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts the process of a virtual machine: plainly, or confined in a cell. */
@FunctionalInterface
public interface VmmLauncher {

  /**
   * Starts it with no input.
   *
   * @param command the program and its arguments
   * @param directory the machine's own directory, which has its sockets and its initial ram disk
   */
  Process launch(List<String> command, Path directory) throws IOException;

  /** As a plain child of this JVM, with its rights and nothing of its environment. */
  static VmmLauncher plain() {
    return (command, directory) -> {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
      builder.environment().clear();
      return builder.start();
    };
  }
}
