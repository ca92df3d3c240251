package io.cordon.samples.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * QEMU as anybody starts it, with the kernel that guests have and nothing else: it boots until it
 * looks for a root, finds none, and panics, which ends QEMU.
 */
final class PlainBoot {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Path kernel;

  private PlainBoot(Path kernel) {
    this.kernel = kernel;
  }

  /** With the newest of the host's kernels, or of those that were fetched into a cache. */
  static Optional<PlainBoot> find(Path cache) throws IOException {
    List<Path> kernels = new ArrayList<>();
    add(kernels, Path.of("/boot"));
    Path fetched = cache.resolve("vm/kernels");
    if (kernels.isEmpty() && Files.isDirectory(fetched)) {
      try (DirectoryStream<Path> packages = Files.newDirectoryStream(fetched)) {
        for (Path each : packages) {
          add(kernels, each.resolve("boot"));
        }
      }
    }
    return kernels.stream().max(Path::compareTo).map(PlainBoot::new);
  }

  private static void add(List<Path> kernels, Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "vmlinuz-*")) {
        found.forEach(kernels::add);
      }
    }
  }

  /**
   * Boots once.
   *
   * @return whether it ended. Under emulation a kernel at times can't tell how fast its clock runs,
   *     says {@code tsc: Unable to calibrate against PIT}, and waits for good; Cordon's guests are
   *     told how fast it runs.
   */
  boolean run() throws IOException, InterruptedException {
    Process qemu =
        new ProcessBuilder(
                List.of(
                    "qemu-system-x86_64",
                    "-nodefaults",
                    "-no-user-config",
                    "-no-reboot",
                    "-display",
                    "none",
                    "-M",
                    "microvm,acpi=on,rtc=on,isa-serial=on",
                    "-accel",
                    "tcg,thread=single",
                    "-m",
                    "192",
                    "-serial",
                    "stdio",
                    "-kernel",
                    kernel.toString(),
                    "-append",
                    "console=ttyS0 quiet panic=-1 reboot=t"))
            .redirectErrorStream(true)
            .start();
    qemu.getOutputStream().close();
    // A quiet kernel writes less than the pipe holds, so that nobody has to read meanwhile.
    if (!qemu.waitFor(LONGEST)) {
      qemu.destroyForcibly().waitFor();
      return false;
    }
    String console = new String(qemu.getInputStream().readAllBytes(), US_ASCII);
    if (!console.contains("Unable to mount root fs")) {
      throw new IOException("QEMU did not boot a kernel: " + console.strip());
    }
    return true;
  }
}
