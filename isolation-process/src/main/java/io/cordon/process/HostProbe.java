package io.cordon.process;

import static io.cordon.process.kernel.CloneFlag.CLONE_NEWCGROUP;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWIPC;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNET;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNS;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWPID;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWTIME;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUSER;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUTS;
import static io.cordon.process.kernel.PrctlOption.PR_SET_NO_NEW_PRIVS;
import static io.cordon.process.kernel.SeccompOperation.SECCOMP_SET_MODE_FILTER;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.Supervisor.Launched;
import io.cordon.process.kernel.CloneFlag;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Step;
import io.cordon.process.seccomp.Profile;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Layer.State;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out what this host offers, by really launching a cell that ends at once. Where that fails,
 * small plans find out which layers are the reason.
 */
final class HostProbe {
  /** The cell that is launched; its program is never executed. */
  static final CellSpec CELL = cell("probe");

  private static final Map<String, CloneFlag> NAMESPACES =
      Map.of(
          "mount-namespace", CLONE_NEWNS,
          "pid-namespace", CLONE_NEWPID,
          "network-namespace", CLONE_NEWNET,
          "ipc-namespace", CLONE_NEWIPC,
          "uts-namespace", CLONE_NEWUTS,
          "cgroup-namespace", CLONE_NEWCGROUP,
          "time-namespace", CLONE_NEWTIME);

  private final Workshop workshop;
  private final Tenancy tenancy;

  // Two strategies may probe at once, and no two cells of a tenant are named alike.
  private final CellSpec cell = cell("probe-%08x".formatted(ThreadLocalRandom.current().nextInt()));

  HostProbe(Workshop workshop, Tenancy tenancy) {
    this.workshop = workshop;
    this.tenancy = tenancy;
  }

  private static CellSpec cell(String name) {
    return new CellSpec(
        "cordon-probe",
        name,
        new Program.Native(List.of("probe")),
        Map.of(),
        List.of(),
        new SandboxLimits(1000, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 16)),
        Duration.ofSeconds(30));
  }

  StrategyReport report() {
    List<Layer> all = new Layers(workshop.host()).inForce(tenancy.quotas().layers());
    try {
      Launch.Parts parts = new Launch(workshop, tenancy, cell, CellView.ofProbe(cell)).run();
      new ProcessCell(workshop.kernel(), parts, tier(), all, cell -> {}).close();
      return new StrategyReport(ProcessStrategy.NAME, true, tier(), all);
    } catch (StepFailedException e) {
      Missing reason =
          new Missing(e.reason(), LaunchFailures.remedy(e.step(), e.errno()).orElse(""));
      return unusable(all, e.step().layer(), reason);
    } catch (SandboxException e) {
      return unusable(all, "init", new Missing(e.reason(), ""));
    }
  }

  private String tier() {
    return tenancy.quotas().tier();
  }

  /** Why a layer isn't there, and what would add it. */
  private record Missing(String detail, String remedy) {}

  private StrategyReport unusable(List<Layer> all, String failedLayer, Missing reason) {
    Map<String, Missing> missing = new HashMap<>();
    probe("user-namespace", unshare(CLONE_NEWUSER))
        .ifPresent(m -> missing.put("user-namespace", m));
    NAMESPACES.forEach(
        (layer, flag) -> {
          if (missing.containsKey("user-namespace")) {
            missing.put(layer, new Missing("not without a user namespace", ""));
          } else if (flag != CLONE_NEWTIME || workshop.host().timeNamespaces()) {
            probe(layer, unshare(CLONE_NEWUSER, flag)).ifPresent(m -> missing.put(layer, m));
          }
        });
    probe("no-new-privileges", noNewPrivileges(new PlanBuilder()))
        .ifPresent(m -> missing.put("no-new-privileges", m));
    probe("seccomp", seccomp()).ifPresent(m -> missing.put("seccomp", m));
    // All namespaces are made at once; if each can be made alone, the user namespace stands for it.
    String culprit = failedLayer.equals("namespaces") ? "user-namespace" : failedLayer;
    if (!failedLayer.equals("namespaces") || missing.isEmpty()) {
      missing.put(culprit, reason);
    }
    return new StrategyReport(ProcessStrategy.NAME, false, tier(), mark(all, missing));
  }

  /** Marks what is missing, and what could not be tried for it. */
  private static List<Layer> mark(List<Layer> all, Map<String, Missing> missing) {
    // These were tried alone, or are asked of the kernel.
    List<String> independent = List.of("landlock", "seccomp", "no-new-privileges");
    List<Layer> marked = new ArrayList<>();
    boolean reached = true;
    for (Layer layer : all) {
      Missing why = missing.get(layer.name());
      if (why != null) {
        reached = false;
        marked.add(Layers.missing(layer.name(), layer.protection(), why.detail(), why.remedy()));
      } else if (reached
          || layer.state() != State.IN_FORCE
          || layer.name().endsWith("-namespace")
          || layer.name().startsWith("cgroup-")
          || independent.contains(layer.name())) {
        marked.add(layer);
      } else {
        marked.add(
            Layers.missing(layer.name(), layer.protection(), "not tried: the launch failed", ""));
      }
    }
    return marked;
  }

  private static LaunchPlan unshare(CloneFlag... namespaces) {
    return end(new PlanBuilder().call("new namespaces", "unshare", flags(namespaces)));
  }

  private static LaunchPlan noNewPrivileges(PlanBuilder plan) {
    return end(
        plan.call(
            "no new privileges",
            "prctl",
            flags(PR_SET_NO_NEW_PRIVS),
            number(1),
            number(0),
            number(0),
            number(0)));
  }

  private LaunchPlan seccomp() {
    PlanBuilder plan = new PlanBuilder();
    plan.call(
        "no new privileges",
        "prctl",
        flags(PR_SET_NO_NEW_PRIVS),
        number(1),
        number(0),
        number(0),
        number(0));
    plan.call(
        "only listed system calls",
        "seccomp",
        flags(SECCOMP_SET_MODE_FILTER),
        number(0),
        workshop.filter(Profile.COMMAND).block().address());
    return end(plan);
  }

  private static LaunchPlan end(PlanBuilder plan) {
    return plan.call("the probe's end", "exit_group", number(0)).build();
  }

  /** Runs a plan that ends by itself; says why it didn't. */
  private Optional<Missing> probe(String layer, LaunchPlan plan) {
    try (Resources resources = new Resources()) {
      Supervisor supervisor =
          workshop
              .run("cordon-probe-" + layer, plan, List.of(), List.of(), pid -> {}, resources)
              .supervisor();
      supervisor.ended().join();
      return switch (supervisor.launched().join()) {
        case Launched.Died(int status) when status == 0 -> Optional.empty();
        case Launched.Failed(int index, int errno) -> {
          Step.Call step = plan.call(index);
          yield Optional.of(
              new Missing(
                  step.systemCall() + ": " + Errno.nameOf(errno),
                  LaunchFailures.remedy(step, errno).orElse("")));
        }
        case Launched other -> Optional.of(new Missing(other.toString(), ""));
      };
    } catch (SystemCallException e) {
      return Optional.of(new Missing(String.valueOf(e.getMessage()), ""));
    }
  }
}
