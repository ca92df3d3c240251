package io.cordon.process.quota;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A plain process that has joined a cell's groups, and then becomes its command. */
final class JoinedProcess implements AutoCloseable {
  private final Process process;

  private JoinedProcess(Process process) {
    this.process = process;
  }

  static JoinedProcess start(CellQuota quota, String... command) throws IOException {
    StringBuilder script = new StringBuilder();
    for (Path file : quota.joinFiles()) {
      script.append("echo 0 > '").append(file).append("' || exit 99; ");
    }
    script.append("echo joined; exec \"$@\"");
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script.toString(), "sh"));
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    quota.started(process.pid());
    JoinedProcess joined = new JoinedProcess(process);
    String first = joined.line();
    if (!first.equals("joined")) {
      throw new AssertionError(first + joined.output());
    }
    return joined;
  }

  static JoinedProcess python(CellQuota quota, String program) throws IOException {
    return start(quota, "/usr/bin/python3", "-c", program);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it says something. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; ) {
      line.append((char) c);
      c = process.getInputStream().read();
    }
    return line.toString();
  }

  /** Writes a line to its standard input. */
  void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  String output() throws IOException {
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  int exit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("process " + pid() + " does not end");
    }
    return process.exitValue();
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
