package io.cordon.process;

import io.cordon.process.kernel.CloneFlag;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Step.Label;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.spi.CellSpec;

/**
 * Writes the launch plan of a cell.
 *
 * <p>Three processes take its steps. The <i>launcher</i>, a child of this JVM, joins the quota's
 * groups, gives up root and makes the namespaces. It starts <i>init</i>, the first process in them,
 * and ends. Init builds what the cell sees, gives up all power, and starts the <i>workload</i>;
 * then it reaps what dies, and when the workload has ended it says how, and ends itself: the kernel
 * kills whatever is left. The workload goes under landlock and seccomp and executes its program.
 */
final class CellPlanner {
  /** Who the workload is inside. */
  static final int CELL_ID = 1000;

  private final Host host;

  CellPlanner(Host host) {
    this.host = host;
  }

  LaunchPlan plan(CellSpec spec, CellView view, Placement placement, SeccompFilter filter) {
    PlanBuilder plan = new PlanBuilder();
    write(plan, spec, view, placement, filter);
    return plan.build();
  }

  /** Writes the steps of a cell after those that a plan has already. */
  void write(
      PlanBuilder plan, CellSpec spec, CellView view, Placement placement, SeccompFilter filter) {
    Launcher launcher = new Launcher(plan, host, placement);
    NewRoot root = new NewRoot(plan, view.tree(), spec.limits().disk(), placement.scratch());
    Init init = new Init(plan, host, spec);
    Workload workload = new Workload(plan, host, view, spec.limits());

    int inputs = spec.inputs().size();
    launcher.closeInherited(inputs + view.carried().size());
    launcher.joinQuota();
    if (placement.uid().isPresent()) {
      // The mounts are cloned first: a JDK or a jar below a 0700 home can't be reached afterwards.
      root.cloneSources();
      launcher.becomeTenant();
      launcher.enterNamespaces();
    } else {
      launcher.enterNamespaces();
      root.cloneSources();
    }
    Label inside = new Label("init");
    launcher.start(inside);

    plan.mark(inside);
    init.dieWithTheHost();
    root.build();
    root.enter();
    if (placement.namespaces().contains(CloneFlag.CLONE_NEWUTS)) {
      init.nameTheHost();
    }
    Slot workingDirectory = init.openWorkingDirectory();
    init.copyInputs();
    init.limitResources(view, placement);
    init.dropCapabilities();
    Label confined = new Label("workload");
    init.start(confined);
    init.reapUntilItEnds();

    plan.mark(confined);
    workload.confine(filter, inputs, workingDirectory);
    workload.execute();
  }
}
