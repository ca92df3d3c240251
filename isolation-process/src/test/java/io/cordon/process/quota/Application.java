package io.cordon.process.quota;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that holds one cell with one process, says where, and stays. */
final class Application implements AutoCloseable {
  private final Process process;
  private final long cellPid;
  private final List<Path> joinFiles;

  private Application(Process process, long cellPid, List<Path> joinFiles) {
    this.process = process;
    this.cellPid = cellPid;
    this.joinFiles = joinFiles;
  }

  /** Starts one, under some other command or by itself. */
  static Application start(String... under) throws IOException {
    List<String> command = new ArrayList<>(List.of(under));
    command.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Application.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader lines = process.inputReader();
    long cellPid = Long.parseLong(String.valueOf(lines.readLine()));
    List<Path> joinFiles = new ArrayList<>();
    for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
      joinFiles.add(Path.of(line));
      line = lines.readLine();
    }
    return new Application(process, cellPid, joinFiles);
  }

  /** The pid of the cell's process, as the JVM that made it sees it. */
  long cellPid() {
    return cellPid;
  }

  List<Path> joinFiles() {
    return joinFiles;
  }

  /** Ends it without a chance to clean up. */
  void die() {
    process.destroyForcibly().onExit().join();
  }

  /** Lets it end as it should. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }

  public static void main(String[] args) throws Exception {
    try (QuotaEnforcer quotas = Host.quotas();
        CellQuota quota = quotas.open("acme", "only", Host.limits(1000, 64, 16));
        JoinedProcess sleeper = JoinedProcess.start(quota, "/bin/sleep", "3600")) {
      System.out.println(sleeper.pid());
      quota.joinFiles().forEach(System.out::println);
      System.out.println();
      var _ = System.in.read();
      quota.kill();
    }
  }
}
