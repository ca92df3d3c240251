package io.cordon.samples.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard streams of the command itself.
 *
 * @param in standard input
 * @param interactive whether somebody types at the standard input
 * @param out standard output; tells of a reader that went away, as a {@link PrintStream} does not
 * @param err standard error
 * @param watched whether the standard error is a terminal
 */
record Stdio(
    InputStream in, boolean interactive, OutputStream out, PrintStream err, boolean watched) {

  /** The streams of this process. */
  static Stdio ofProcess() {
    return new Stdio(
        new FileInputStream(FileDescriptor.in),
        isTerminal(Path.of("/proc/self/fd/0")),
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        isTerminal(Path.of("/proc/self/fd/2")));
  }

  /** Prints one line of text to the standard output. */
  void println(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  // Console.isTerminal() speaks of standard input and output together; this is about one of them.
  private static boolean isTerminal(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false; // closed, or unknown
    }
  }
}
