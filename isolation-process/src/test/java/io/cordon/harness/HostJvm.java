package io.cordon.harness;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An application in a JVM of its own, on this class path, that a test may kill. */
public final class HostJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;
  private final Path errors;

  private HostJvm(Process process, Path errors) {
    this.process = process;
    this.lines = process.inputReader();
    this.errors = errors;
  }

  /**
   * Starts one.
   *
   * @param first goes before this JVM's own class path
   */
  public static HostJvm start(
      Class<?> main,
      List<Path> first,
      List<String> options,
      Map<String, String> environment,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        Stream.concat(first.stream().map(Path::toString), classPath())
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(main.getName());
    command.addAll(arguments);
    Path errors = Files.createTempFile("host", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    return new HostJvm(builder.start(), errors);
  }

  /** What this class was loaded from: test launchers bring a loader of their own. */
  private static Stream<String> classPath() {
    Stream<String> own = Stream.of(System.getProperty("java.class.path"));
    return HostJvm.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.concat(Arrays.stream(loader.getURLs()).map(URL::getPath), own)
        : own;
  }

  /** The process. */
  public Process process() {
    return process;
  }

  /** The next line that it prints; fails with what it had to say if there is none. */
  public String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new AssertionError("the host ended: " + Files.readString(errors));
    }
    return line;
  }

  /** All that it prints until its end. */
  public String rest() throws IOException {
    return lines.readAllAsString();
  }

  /** All that it wrote to its standard error. */
  public String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Tells it something. */
  public void tell(String line) throws IOException {
    process.outputWriter().write(line + "\n");
    process.outputWriter().flush();
  }

  /** Waits for its end. */
  public int status() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the host did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    lines.close();
    process.outputWriter().close();
    Files.delete(errors);
  }
}
