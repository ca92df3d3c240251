package io.cordon.vm.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.process.ConfinedPrograms;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.guest.GuestInit;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootImage;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.image.ProgramImages;
import io.cordon.vm.qemu.BootTimes;
import io.cordon.vm.qemu.GuestEnd;
import io.cordon.vm.qemu.Machine;
import io.cordon.vm.qemu.Qemu;
import io.cordon.vm.qemu.Vm;
import io.cordon.vm.qemu.Vmm;
import io.cordon.vm.qemu.VmmCell;
import io.cordon.vm.setup.VmCaches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

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
  private static final long OVERHEAD_MIB = TRANSLATION_CACHE_MIB + 128;
  private static final SandboxLimits.Disk NO_DISK = new SandboxLimits.Disk(1 << 16, 8);
  private static final Duration STARTING = Duration.ofSeconds(60);
  private static final AtomicInteger STARTED = new AtomicInteger();

  /** For all tests of this JVM, with which its machines end. */
  private static final class Monitor {
    static final ConfinedPrograms PROGRAMS = ConfinedPrograms.open(TestCache.directory());
    static final Vmm VMM = new Vmm(PROGRAMS, Qemu.find());

    static { // else its control groups stay until the next JVM looks for orphans
      Runtime.getRuntime().addShutdownHook(new Thread(PROGRAMS::close));
    }
  }

  private final Vmm vmm;
  private final GuestKernel kernel;
  private final RootImages images;
  private final ProgramImages programs;
  private final OutputStream echo;

  private TestGuest(
      Vmm vmm, GuestKernel kernel, RootImages images, ProgramImages programs, OutputStream echo) {
    this.vmm = vmm;
    this.kernel = kernel;
    this.images = images;
    this.programs = programs;
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
      VmCaches caches = VmCaches.below(TestCache.directory());
      RootImages images = new RootImages(caches.images(), TestGuest::say);
      return new TestGuest(
          monitor(),
          new GuestKernels(caches.kernels(), TestGuest::say).prepare(packageName),
          images,
          new ProgramImages(images, caches.runtimes(), TestGuest::say),
          OutputStream.nullOutputStream());
    } catch (SandboxException e) {
      assumeThat((Object) null).as("a guest: " + e.getMessage()).isNotNull();
      throw e;
    }
  }

  /** The same, with what programs write copied to a stream as it comes. */
  public TestGuest echoingTo(OutputStream stream) {
    return new TestGuest(vmm, kernel, images, programs, stream);
  }

  /** Its kernel. */
  public GuestKernel kernel() {
    return kernel;
  }

  /** Makes the images of programs. */
  public ProgramImages images() {
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
    return run(Machine.emulatedHere(memoryMiB, TRANSLATION_CACHE_MIB), root, program, atMost);
  }

  /** The same on a machine whose guest has a KVM that works. */
  public Run runWithKvm(RootTree root, GuestProgram program, int memoryMiB, Duration atMost) {
    Machine machine = Machine.emulatedHereWithKvm(memoryMiB, TRANSLATION_CACHE_MIB);
    return run(machine, images.image(root), program, atMost);
  }

  private Run run(Machine machine, RootImage root, GuestProgram program, Duration atMost) {
    try (Vm vm = Vm.start(vmm, cell(machine), machine, guest(kernel, root, program))) {
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
    Machine machine = Machine.emulatedHere(memoryMiB, TRANSLATION_CACHE_MIB);
    return Vm.start(vmm, cell(machine), machine, guest(other, root, program));
  }

  /** What boots to run a program. */
  public Guest guest(RootTree root, GuestProgram program) {
    return guest(kernel, images.image(root), program);
  }

  private static Guest guest(GuestKernel other, RootImage root, GuestProgram program) {
    try {
      return GuestInit.guest(other, Architecture.of("amd64").orElseThrow(), root, program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A cell that is large enough for a machine. */
  public static VmmCell cell(Machine machine) {
    return new VmmCell(
        "tests",
        "guest-" + STARTED.incrementAndGet(),
        new SandboxLimits(2000, (machine.memoryMiB() + OVERHEAD_MIB) << 20, 32, NO_DISK),
        TenantLimits.NONE,
        STARTING);
  }

  /** What the monitors are launched by. */
  public static ConfinedPrograms programs() {
    return Monitor.PROGRAMS;
  }

  /** What runs all guests of this JVM. */
  public static Vmm monitor() {
    Qemu.find(); // says why not
    return Monitor.VMM;
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

  private static void say(String line) {
    System.out.println("guest: " + line);
  }
}
