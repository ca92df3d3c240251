package io.cordon.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM, with this one's class path. */
final class FreshJvm {
  private FreshJvm() {}

  /** The command that runs a class's main method. */
  static List<String> command(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
