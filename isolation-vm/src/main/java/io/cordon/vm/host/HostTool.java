package io.cordon.vm.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program of the host's distribution. Runs with no input, the C locale and a time limit; what it
 * says is kept up to a bound. Immutable.
 *
 * @param name the program's name, or its absolute path
 * @param debianPackage the package of Debian and Ubuntu that it is in
 */
public record HostTool(String name, String debianPackage) {
  private static final int MOST_OUTPUT = 1 << 20;
  private static final List<String> ALSO_SEARCHED =
      List.of("/usr/sbin", "/sbin"); // not in every PATH

  /**
   * What a tool said.
   *
   * @param exitStatus zero if it succeeded
   * @param output its standard output and error
   */
  public record Result(int exitStatus, String output) {

    /** Whether it succeeded. */
    public boolean succeeded() {
      return exitStatus == 0;
    }

    /** The last line that isn't blank: where tools say why they failed. */
    public String lastLine() {
      return output
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .orElse("no message");
    }
  }

  /** Where it is, if this host has it. */
  public Optional<Path> find() {
    if (name.startsWith("/")) {
      return Optional.of(Path.of(name)).filter(Files::isExecutable);
    }
    String path = System.getenv("PATH");
    Stream<String> directories =
        path == null ? Stream.empty() : Arrays.stream(path.split(File.pathSeparator, -1));
    return Stream.concat(directories, ALSO_SEARCHED.stream())
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Where it is.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if this host doesn't have it, with
   *     the package to install
   */
  public Path locate() {
    return find()
        .orElseThrow(
            () -> unusable(name + " is missing; run: apt-get install " + debianPackage, null));
  }

  /**
   * Runs it in a directory.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if this host doesn't have it, or
   *     it didn't end in time
   */
  public Result run(Path directory, Duration atMost, List<String> arguments) {
    Path program = locate();
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put("LC_ALL", "C");
    try {
      return await(builder.start(), atMost);
    } catch (IOException e) {
      throw unusable(name + " can't be run", e);
    }
  }

  /**
   * Runs it, and it must succeed.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} with its last words, if it fails
   */
  public String require(Path directory, Duration atMost, List<String> arguments) {
    Result result = run(directory, atMost, arguments);
    if (!result.succeeded()) {
      throw unusable(
          "%s failed with status %d: %s".formatted(name, result.exitStatus(), result.lastLine()),
          null);
    }
    return result.output();
  }

  private Result await(Process process, Duration atMost) throws IOException {
    StringBuilder output = new StringBuilder();
    Thread reader = Thread.ofVirtual().start(() -> read(process.getInputStream(), output));
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw unusable(name + " did not end within " + atMost.toSeconds() + " s", null);
      }
      reader.join();
      return new Result(process.exitValue(), output.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unusable(name + " was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void read(InputStream from, StringBuilder into) {
    byte[] buffer = new byte[8192];
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        if (into.length() < MOST_OUTPUT) {
          into.append(new String(buffer, 0, count, UTF_8));
        }
      }
    } catch (IOException e) {
      into.append("\n(the output ended early: ").append(e.getMessage()).append(')');
    }
  }

  private static SandboxException unusable(String reason, @Nullable Throwable cause) {
    return cause == null
        ? new SandboxException(ErrorCode.STRATEGY_UNUSABLE, reason)
        : new SandboxException(ErrorCode.STRATEGY_UNUSABLE, reason, cause);
  }
}
