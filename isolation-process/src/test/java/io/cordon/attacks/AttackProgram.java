package io.cordon.attacks;

import io.cordon.harness.PlainProcess;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Python program that attacks whoever runs it: in a sandbox, or plainly as the control.
 *
 * @param name the resource's name
 */
record AttackProgram(String name) {

  private static final String PYTHON = "/usr/bin/python3";

  /** The attack as a sandboxed command. */
  Command command(String... arguments) {
    return Command.of(commandLine(arguments)).input(name, source());
  }

  /** The attack where the host's own Python is not to be seen, as on any strategy. */
  Command command(Tools tools, String... arguments) {
    List<String> all = commandLine(arguments);
    return tools.python(all.subList(1, all.size())).input(name, source());
  }

  /** The same attack, with nothing around it. */
  PlainProcess plainly(Path directory, String... arguments)
      throws IOException, InterruptedException {
    return PlainProcess.run(directory, plainCommandLine(directory, arguments), Map.of());
  }

  /** What to start as the control, once the program lies in that directory. */
  List<String> plainCommandLine(Path directory, String... arguments) throws IOException {
    Files.write(directory.resolve(name), source());
    return commandLine(arguments);
  }

  private List<String> commandLine(String... arguments) {
    // -I: neither the environment nor the user's own packages change what the attack does.
    List<String> all = new ArrayList<>(List.of(PYTHON, "-I", "-u", name));
    all.addAll(List.of(arguments));
    return all;
  }

  private byte[] source() {
    try (InputStream source = AttackProgram.class.getResourceAsStream("/attacks/" + name)) {
      if (source == null) {
        throw new IllegalArgumentException("no such attack: " + name);
      }
      return source.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
