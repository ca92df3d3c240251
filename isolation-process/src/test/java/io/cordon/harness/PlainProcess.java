package io.cordon.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that nothing confines: the control of an attack.
 *
 * @param status its exit status
 * @param output what it wrote to its standard output and error
 */
public record PlainProcess(int status, String output) {

  private static final long PATIENCE_SECONDS = 60;

  /** Runs a program to its end, in a directory. */
  public static PlainProcess run(Path directory, List<String> command, Map<String, String> more)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("plain", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(output.toFile());
      builder.environment().putAll(more);
      Process process = builder.start();
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("the control did not end: " + command);
        }
      } finally {
        process.destroyForcibly();
      }
      return new PlainProcess(
          process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
  }
}
