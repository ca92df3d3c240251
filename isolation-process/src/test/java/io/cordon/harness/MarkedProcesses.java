package io.cordon.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Finds processes by a word of their command line, wherever in the host's process tree they went.
 *
 * @param marker a word that no other process has
 */
public record MarkedProcesses(String marker) {

  /** A marker to give to a program as an argument. */
  public static MarkedProcesses create() {
    return new MarkedProcesses("marker-" + UUID.randomUUID());
  }

  /** The host's pids of those that are alive. */
  public List<Long> alive() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        if (commandLine(process).contains(marker)) {
          pids.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  /** Kills them; for controls, which leave behind what a sandbox must not. */
  public void kill() {
    for (long pid : alive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    Eventually.within(Duration.ofSeconds(30), () -> alive().isEmpty(), "the end of " + alive());
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }
}
