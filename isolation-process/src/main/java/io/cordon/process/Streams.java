package io.cordon.process;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The host's ends of a program's standard streams: plain file streams over pipes, opened again by
 * way of {@code /proc/self/fd}, so that no byte takes a foreign call.
 */
record Streams(OutputStream stdin, InputStream stdout, InputStream stderr)
    implements AutoCloseable {

  /** Makes the pipes, and hands the program's ends to the list. */
  static Streams open(Kernel kernel, List<Descriptor> programEnds, Resources resources) {
    try {
      Descriptor[] in = kernel.pipe();
      programEnds.add(resources.add(in[0]));
      OutputStream stdin;
      try (Descriptor end = in[1]) {
        stdin = resources.add(new FileOutputStream(path(end)));
      }
      InputStream stdout = output(kernel, programEnds, resources);
      InputStream stderr = output(kernel, programEnds, resources);
      return new Streams(stdin, stdout, stderr);
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "no pipes: " + e.getMessage(), e);
    }
  }

  private static InputStream output(
      Kernel kernel, List<Descriptor> programEnds, Resources resources) throws IOException {
    Descriptor[] out = kernel.pipe();
    programEnds.add(resources.add(out[1]));
    try (Descriptor end = out[0]) {
      return resources.add(new FileInputStream(path(end)));
    }
  }

  private static String path(Descriptor descriptor) {
    return "/proc/self/fd/" + descriptor.number();
  }

  @Override
  public void close() {
    try (stderr;
        stdout) {
      stdin.close();
    } catch (IOException e) {
      // a pipe has nothing to lose by being closed
    }
  }
}
