package io.cordon.process.quota;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The host that the tests run on. */
final class Host {
  static final Path PROC = Path.of("/proc");
  static final Kernel KERNEL =
      Kernel.bind(Architecture.of(System.getProperty("os.arch")).orElseThrow().systemCalls());
  static final ProcessSignals SIGNALS = KERNEL::signal;

  private Host() {}

  static QuotaEnforcer quotas() {
    return QuotaEnforcers.detect(PROC, KERNEL);
  }

  /** An enforcer by the kernel's groups, or the test does not run here. */
  static QuotaEnforcer groupQuotas() {
    QuotaEnforcer quotas = quotas();
    boolean writable = !quotas.tier().equals("rlimit");
    if (!writable) {
      quotas.close();
    }
    assumeTrue(
        writable,
        () -> "needs control groups that can be written: " + quotas.layers().getFirst().detail());
    return quotas;
  }

  /** An enforcer that has no group to write to, as an ordinary user often has none. */
  static QuotaEnforcer watchingQuotas() {
    return QuotaEnforcers.detect(
        new OwnGroups(List.of(), Map.of()),
        new ProcessTable(PROC),
        GroupFiles.KERNEL,
        SIGNALS,
        () -> EventSource.NONE);
  }

  /** The application's group, from a file of one of its cells. */
  static Path applicationGroup(Path joinFile) {
    return joinFile.resolve("../../..").normalize();
  }

  static boolean dead(long pid) {
    return new ProcessTable(PROC).stat(pid).map(ProcessStat::dead).orElse(true);
  }

  static SandboxLimits limits(long cpuMillis, long memoryMebibytes, int pids) {
    return new SandboxLimits(
        cpuMillis, memoryMebibytes << 20, pids, new SandboxLimits.Disk(1 << 20, 100));
  }
}
