package io.cordon.worker;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bundle in a JVM of its own, as an engine starts it; only without a cell around it. */
final class WorkerProcess implements AutoCloseable {
  /** What every worker's JVM is told. */
  static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          // Standard output belongs to the frames: the JVM must not speak there.
          "-XX:+DisplayVMOutputToStderr",
          "-Xlog:disable",
          "-Xlog:all=warning:stderr");

  /** What a JVM that runs scripts is told besides. */
  static final List<String> SCRIPT_OPTIONS =
      List.of(
          "-Xss16m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dpolyglotimpl.AttachLibraryFailureAction=ignore");

  private final Process process;
  private final Path errors;
  private final TestHost host;

  private WorkerProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.host = new TestHost(process.getInputStream(), unbuffered(process.getOutputStream()));
  }

  static WorkerProcess plugin(Path directory, String... options) throws IOException {
    return start(directory, bundle(), "plugin", options);
  }

  static WorkerProcess scripts(Path directory, String... options) throws IOException {
    List<String> all = new ArrayList<>(SCRIPT_OPTIONS);
    all.addAll(Arrays.asList(options));
    return start(directory, scriptClassPath(), "js", all.toArray(String[]::new));
  }

  static WorkerProcess start(Path directory, String classPath, String mode, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-Djava.io.tmpdir=" + directory);
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", classPath, "io.cordon.worker.Main", mode));
    Path errors = Files.createTempFile("worker", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("JAVA_") || name.startsWith("JDK_"));
    return new WorkerProcess(builder.start(), errors);
  }

  static String bundle() {
    return System.getProperty("worker.bundle");
  }

  static String scriptClassPath() {
    return Stream.concat(
            Stream.of(bundle()),
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("graalvm") && entry.endsWith(".jar")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static OutputStream unbuffered(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        out.write(b);
        out.flush();
      }

      @Override
      public void write(byte[] bytes, int start, int length) throws IOException {
        out.write(bytes, start, length);
        out.flush();
      }
    };
  }

  TestHost host() {
    return host;
  }

  OutputStream rawInput() {
    return process.getOutputStream();
  }

  InputStream rawOutput() {
    return process.getInputStream();
  }

  /** Ends the input, and waits for the end. */
  int finish() throws Exception {
    process.getOutputStream().close();
    return process.waitFor();
  }

  /** Waits for the end. */
  int exit() throws InterruptedException {
    return process.waitFor();
  }

  /** What came on the real standard error. */
  String errors() throws IOException {
    return Files.readString(errors, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.delete(errors);
  }
}
