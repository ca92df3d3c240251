package io.cordon.vm.kvm;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Finds out whether this host's KVM really works, by running a guest. That {@code /dev/kvm} can be
 * opened, and even that a guest of two instructions succeeds, says too little: a KVM without the
 * processor's virtualisation interprets its guests, and fails at what it does not know, after many
 * seconds of an ordinary kernel's boot.
 *
 * <pre>{@code
 * switch (new KvmProbe(kernel, architecture).probe()) {
 *   case Usable(double nanosPerIteration) -> ...
 *   case Unusable(String reason, String remedy) -> ...
 * }
 * }</pre>
 *
 * <p>The guest turns a loop of two instructions 20,000 times, does a {@code lock cmpxchg16b}, and
 * writes to a port; three times over. Any other end is a reason to refuse, and so are more than 100
 * ns an iteration.
 *
 * <p>It runs in a process of its own, which is killed at a deadline and dies with this JVM: a KVM
 * that hangs does not hang the caller. Nothing is left: no process, no descriptor. It takes some 30
 * ms where guests are interpreted, and less on hardware. Immutable; safe for several threads. See
 * {@code Documentation/virt/kvm/api.rst} of the kernel.
 */
public final class KvmProbe {
  /** Where KVM is. */
  public static final Path DEVICE = Path.of("/dev/kvm");

  /** Enough for a busy host that is emulated itself. */
  public static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Kernel kernel;
  private final Architecture architecture;
  private final Path device;
  private final Duration deadline;
  private final Guest guest;
  private final HostModules modules;

  /** Creates a probe of {@link #DEVICE} with {@link #DEADLINE}. */
  public KvmProbe(Kernel kernel, Architecture architecture) {
    this(kernel, architecture, DEVICE, DEADLINE);
  }

  /**
   * Creates a probe.
   *
   * @param kernel this host's
   * @param architecture this host's; there is a guest for x86-64
   * @param device what to open as KVM
   * @param deadline after which the probe is killed, and KVM found unusable
   */
  public KvmProbe(Kernel kernel, Architecture architecture, Path device, Duration deadline) {
    this(kernel, architecture, device, deadline, Guest.probe());
  }

  /** For trials with other guests. */
  KvmProbe(Kernel kernel, Architecture architecture, Path device, Duration deadline, Guest guest) {
    if (!architecture.name().equals("x86_64")) {
      throw new IllegalArgumentException("no guest for " + architecture.name());
    }
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("deadline: " + deadline);
    }
    this.kernel = kernel;
    this.architecture = architecture;
    this.device = Objects.requireNonNull(device, "device");
    this.deadline = deadline;
    this.guest = guest;
    this.modules = new HostModules(Path.of("/sys/module"));
  }

  /**
   * Probes, anew each time.
   *
   * @throws InterruptedException if the caller is interrupted; the probe's process is killed then
   */
  public KvmVerdict probe() throws InterruptedException {
    LaunchPlan plan = ProbePlan.of(device);
    return new Judge(device, plan, deadline, modules.kvm()).judge(observe(plan));
  }

  /** What a run of the probe comes to, unjudged. */
  Observation observe() throws InterruptedException {
    return observe(ProbePlan.of(device));
  }

  private Observation observe(LaunchPlan plan) throws InterruptedException {
    byte[] program = new Elf(architecture).compile(plan);
    return new ProbeProcess(kernel, program, guest).run(deadline);
  }
}
