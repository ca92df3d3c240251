package io.cordon.worker;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a worker begins. It speaks frames on its standard input and output, and ends when its input
 * does.
 *
 * <pre>
 * java … io.cordon.worker.Main plugin          serves one plugin
 * java … io.cordon.worker.Main js              runs scripts
 * java … io.cordon.worker.Main train-plugin    tries itself out, for an AOT cache to be made
 * java … io.cordon.worker.Main train-js
 * </pre>
 *
 * <p>The exit status is 0 at the end of the input, and 2 if that made no sense or the host is gone.
 */
public final class Main {
  private static final int FAILURE = 2;

  private Main() {}

  /** Runs a worker. */
  public static void main(String[] arguments) {
    String mode = arguments.length == 1 ? arguments[0] : "";
    try {
      switch (mode) {
        case "plugin", "js" -> serve(mode);
        case "train-plugin" -> new Training().plugin();
        case "train-js" -> new Training().scripts();
        default -> throw new IOException("expected plugin, js, train-plugin or train-js");
      }
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      // Threads of the guest would keep alive a JVM that serves nobody.
      fail(ThrownReport.line(e));
    }
  }

  private static void fail(String message) {
    // To the real standard error: System.err is the guest's.
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    err.println("cordon worker: " + message);
    Runtime.getRuntime().halt(FAILURE);
  }

  private static void serve(String mode) throws IOException {
    Worker worker =
        new Worker(
            new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
    System.setIn(InputStream.nullInputStream());
    System.setOut(new PrintStream(worker.out(), false, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(worker.err(), false, StandardCharsets.UTF_8));
    try (Guest guest =
        mode.equals("plugin")
            ? worker.plugin(new File(System.getProperty("java.io.tmpdir")))
            : worker.scripts(mode)) {
      worker.serve(guest);
    }
    // Not exit: threads and shutdown hooks of the guest have no say in it.
    Runtime.getRuntime().halt(0);
  }
}
