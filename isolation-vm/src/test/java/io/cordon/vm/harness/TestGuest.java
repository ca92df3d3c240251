package io.cordon.vm.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootImage;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.host.PrivateCache;
import io.cordon.vm.image.ProgramImages;
import io.cordon.vm.qemu.BootTimes;
import io.cordon.vm.qemu.GuestEnd;
import io.cordon.vm.qemu.Machine;
import io.cordon.vm.qemu.Qemu;
import io.cordon.vm.qemu.Vm;
import io.cordon.vm.qemu.VmmLauncher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs one program in a guest of its own, and hands out what it wrote and how it ended.
 *
 * <pre>{@code
 * TestGuest guest = TestGuest.onKernel(GuestKernels.CLOUD);
 * RootTree root = GuestFiles.addJava(GuestFiles.base());
 * String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
 * TestGuest.Run run =
 *     guest.echoingTo(System.out).run(
 *         root,
 *         GuestFiles.java(classPath, List.of()).junit("--select-class=com.example.SomeIT"),
 *         1024,
 *         Duration.ofMinutes(5));
 * assertThat(run.exitStatus()).isZero();
 * }</pre>
 */
public final class TestGuest {
  private static final int MOST_OUTPUT = 8 << 20;
  private static final int TRANSLATION_CACHE_MIB = 256;

  private final Qemu qemu;
  private final GuestKernel kernel;
  private final RootImages images;
  private final ProgramImages programs;
  private final Path directory;
  private final OutputStream echo;

  private TestGuest(
      Qemu qemu,
      GuestKernel kernel,
      RootImages images,
      ProgramImages programs,
      Path directory,
      OutputStream echo) {
    this.qemu = qemu;
    this.kernel = kernel;
    this.images = images;
    this.programs = programs;
    this.directory = directory;
    this.echo = echo;
  }

  /**
   * What became of a guest.
   *
   * @param end how it ended; empty if it was killed because it took too long
   * @param output what the program wrote, up to a bound
   * @param console what the guest's kernel said at the end
   * @param times when it reached what
   */
  public record Run(Optional<GuestEnd> end, String output, String console, BootTimes times) {

    /** The program's exit status. Fails, with all that is known, if the guest ended otherwise. */
    public int exitStatus() {
      if (end.orElse(null) instanceof GuestEnd.Ended ended) {
        return ended.exitStatus();
      }
      throw new AssertionError(
          "the guest ended with %s%noutput:%n%s%nconsole:%n%s".formatted(end, output, console));
    }
  }

  /** Guests on the kernel of a package; a test is skipped where that or QEMU can't be had. */
  public static TestGuest onKernel(String packageName) {
    try {
      PrivateCache.open(cache());
      Path directory = Files.createDirectories(cache().resolve("run"));
      RootImages images =
          new RootImages(PrivateCache.open(cache().resolve("images")), TestGuest::say);
      return new TestGuest(
          Qemu.find(),
          new GuestKernels(PrivateCache.open(cache().resolve("kernels")), TestGuest::say)
              .prepare(packageName),
          images,
          new ProgramImages(images, PrivateCache.open(cache().resolve("runtimes")), TestGuest::say),
          directory,
          OutputStream.nullOutputStream());
    } catch (SandboxException e) {
      assumeThat((Object) null).as("a guest: " + e.getMessage()).isNotNull();
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, with what programs write copied to a stream as it comes. */
  public TestGuest echoingTo(OutputStream stream) {
    return new TestGuest(qemu, kernel, images, programs, directory, stream);
  }

  /** Its kernel. */
  public GuestKernel kernel() {
    return kernel;
  }

  /** Makes the images of programs. */
  public ProgramImages programs() {
    return programs;
  }

  /** Runs a command as root. */
  public Run run(RootTree root, List<String> command, int memoryMiB, Duration atMost) {
    return run(root, GuestProgram.asRoot(command, GuestFiles.ENVIRONMENT), memoryMiB, atMost);
  }

  /** Runs a program. */
  public Run run(RootTree root, GuestProgram program, int memoryMiB, Duration atMost) {
    return run(images.image(root), program, memoryMiB, atMost);
  }

  /** Runs a program of an image. */
  public Run run(RootImage root, GuestProgram program, int memoryMiB, Duration atMost) {
    try (Vm vm = start(kernel, root, program, memoryMiB)) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      Thread reader = Thread.ofPlatform().start(() -> read(vm.output(), output));
      Optional<GuestEnd> end = vm.awaitEnd(atMost);
      if (end.isEmpty()) {
        vm.kill();
      }
      reader.join();
      return new Run(end, output.toString(UTF_8), vm.console(), vm.times());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts a program in a machine, which the caller closes. */
  public Vm start(RootTree root, GuestProgram program, int memoryMiB) {
    return start(kernel, root, program, memoryMiB);
  }

  /** The same on a kernel of the caller's. */
  public Vm start(GuestKernel other, RootTree root, GuestProgram program, int memoryMiB) {
    return start(other, images.image(root), program, memoryMiB);
  }

  private Vm start(GuestKernel other, RootImage root, GuestProgram program, int memoryMiB) {
    try {
      Architecture architecture = Architecture.of("amd64").orElseThrow();
      Guest guest = Guest.of(other, architecture, root, program);
      Machine machine = Machine.emulatedHere(memoryMiB, TRANSLATION_CACHE_MIB);
      return Vm.start(qemu, VmmLauncher.plain(), machine, guest, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, with machines that have their directories in another one while they run. */
  public TestGuest in(Path other) {
    return new TestGuest(qemu, kernel, images, programs, other, echo);
  }

  private void read(InputStream from, ByteArrayOutputStream into) {
    byte[] buffer = new byte[8192];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        echo.write(buffer, 0, count);
        echo.flush();
        into.write(buffer, 0, Math.min(count, MOST_OUTPUT - into.size()));
      }
    } catch (IOException e) {
      into.writeBytes(("\n(the output ended early: " + e + ")").getBytes(UTF_8));
    }
  }

  /** Kept from one run of the tests to the next: a kernel is 27 MiB to fetch. */
  private static Path cache() {
    String given = System.getProperty("cordon.vm.it.cache");
    return given != null
        ? Path.of(given)
        : Path.of(System.getProperty("user.home"), ".cache", "cordon-vm-it");
  }

  private static void say(String line) {
    System.out.println("guest: " + line);
  }
}
