package io.cordon.soak;

import io.cordon.harness.MarkedProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The processes of one run, as somebody outside of its sandbox finds them: by their control groups,
 * where there are any, or by a word of their command lines.
 *
 * @param tenant whose run it is; no other of this tenant is on its way
 * @param marked those with the word
 */
record Victims(String tenant, MarkedProcesses marked) {

  // A worker that is in no control group has no word either, and is never found.
  private static final int MOST_LOOKS = 500;
  private static final int MOST_LOOKS_FOR_ITS_DEATH = 10_000;

  /** Which process. */
  enum Whom {
    /** The first of the sandbox. */
    INIT,
    /** The one that init has started. */
    WORKLOAD
  }

  /**
   * Kills one as soon as there is one, and waits for its death: who has used up its share of the
   * processor dies when it is given the next, and serves until then whoever finds it alive.
   *
   * @return false if there was none until the end
   */
  boolean kill(Whom whom, BooleanSupplier over) {
    Optional<ProcessHandle> victim = await(whom, over);
    victim.ifPresent(
        process -> {
          signal("KILL", process);
          for (int looks = 0; process.isAlive() && looks < MOST_LOOKS_FOR_ITS_DEATH; looks++) {
            Run.idle(Duration.ofMillis(1));
          }
        });
    return victim.isPresent();
  }

  /** Stops one for a while. */
  void freeze(Whom whom, Duration pause, BooleanSupplier over) {
    frozen(
        whom,
        over,
        () -> {
          long until = System.nanoTime() + pause.toNanos();
          while (!over.getAsBoolean() && System.nanoTime() < until) {
            Run.idle(Duration.ofMillis(1));
          }
        });
  }

  /** Does something while one is stopped; also if there is none. */
  void frozen(Whom whom, BooleanSupplier over, Runnable meanwhile) {
    Optional<ProcessHandle> victim = await(whom, over);
    victim.ifPresent(process -> signal("STOP", process));
    try {
      meanwhile.run();
    } finally {
      victim.ifPresent(process -> signal("CONT", process));
    }
  }

  private Optional<ProcessHandle> await(Whom whom, BooleanSupplier over) {
    Optional<ProcessHandle> found = find(whom);
    for (int looks = 0; found.isEmpty() && looks < MOST_LOOKS && !over.getAsBoolean(); looks++) {
      Run.idle(Duration.ofNanos(500_000));
      found = find(whom);
    }
    return found;
  }

  private Optional<ProcessHandle> find(Whom whom) {
    List<ProcessHandle> inits = ProcessHandle.current().children().filter(this::isOurs).toList();
    return switch (whom) {
      case INIT -> inits.stream().findFirst();
      case WORKLOAD -> inits.stream().flatMap(ProcessHandle::children).findFirst();
    };
  }

  private boolean isOurs(ProcessHandle init) {
    return read(init, "cgroup").contains("/tenant-" + tenant + "/")
        || Stream.concat(Stream.of(init), init.children())
            .anyMatch(process -> read(process, "cmdline").contains(marked.marker()));
  }

  /** By the handle, which knows its start time: a used-again pid is nobody's. */
  private static void signal(String name, ProcessHandle process) {
    if (name.equals("KILL")) {
      process.destroyForcibly();
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + name, "" + process.pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(
          Path.of("/proc", "" + process.pid(), file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
