package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of trying to use one version of control groups.
 *
 * @param placement what can be used; it has made its groups
 * @param findings about memory, cpu and pids each
 */
record Attempt(Placement placement, Map<Controller, Finding> findings) {

  /** The controllers that hold cells to a limit. */
  static final List<Controller> LIMITING =
      List.of(Controller.MEMORY, Controller.CPU, Controller.PIDS);

  private static final SandboxLimits TRIED =
      new SandboxLimits(100, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 100));

  static final String DELEGATE =
      "start the JVM in a group that is its own, for example as a systemd service with"
          + " Delegate=yes, or with: systemd-run --user --scope -p Delegate=yes java ...";
  private static final String WRITABLE =
      "mount /sys/fs/cgroup writable in this container, with a cgroup namespace of its own";

  /** The same finding about each. */
  static Map<Controller, Finding> all(Finding finding) {
    Map<Controller, Finding> findings = new EnumMap<>(Controller.class);
    LIMITING.forEach(controller -> findings.put(controller, finding));
    return findings;
  }

  /** Sets limits on a group made for this, reads them back, and reads what is counted. */
  static Finding prove(Controller controller, ApplicationGroup application, CgroupVersion version) {
    ControlGroup probe = application.group().child("probe");
    try {
      probe.create();
      try {
        for (Setting setting : version.settings(controller, TRIED, TenantLimits.NONE)) {
          setting.proveOn(probe);
        }
        proveCounters(controller, probe, version);
      } finally {
        probe.remove();
      }
      return new Finding.Held(version.tier() + " below " + application.group().directory());
    } catch (IOException e) {
      return refusal(application.group().directory(), e);
    }
  }

  /** Older kernels count less; then it is better to watch. */
  private static void proveCounters(
      Controller controller, ControlGroup probe, CgroupVersion version) throws IOException {
    switch (controller) {
      case MEMORY -> {
        try (MemoryMeter meter = version.memory(probe)) {
          meter.current();
          meter.peak();
          meter.kills();
        }
      }
      case CPUACCT -> {
        try (CpuMeter meter = version.cpu(probe)) {
          meter.time();
        }
      }
      case PIDS -> {
        try (PidsMeter meter = KernelPids.of(probe, probe.parent())) {
          meter.current();
          meter.denied();
        }
      }
      case CPU, FREEZER, CPUSET, IO -> {}
    }
  }

  /** An error of the host as a finding. */
  static Finding.Refused refusal(Path at, IOException e) {
    return e instanceof AccessDeniedException
        ? new Finding.Refused("no permission to write to " + at, DELEGATE)
        : new Finding.Refused(String.valueOf(e.getMessage()), remedy(at));
  }

  private static String remedy(Path at) {
    try {
      return Files.getFileStore(at).isReadOnly() ? WRITABLE : "";
    } catch (IOException e) {
      return "";
    }
  }
}
