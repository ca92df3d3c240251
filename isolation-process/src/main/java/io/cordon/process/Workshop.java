package io.cordon.process;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.seccomp.Profile;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/** Plans launches, compiles plans and runs them. Safe for several threads. */
final class Workshop {
  private static final String PROGRAM_NAME = "cordon-launch";

  /** Above the descriptors that a launcher is given, so that no dup2 overwrites a source. */
  private static final int OUT_OF_THE_WAY =
      LaunchPlan.CHANNEL + 1 + CellView.MOST_INPUTS + ConfinedProgram.MOST_CARRIED;

  private final Kernel kernel;
  private final Host host;
  private final InputStage inputStage;
  private final CellPlanner planner;
  private final Elf elf;
  private final SupervisorThreads threads;
  private final Map<Profile, SeccompFilter> filters = new EnumMap<>(Profile.class);
  private final Lazy<NativeView> nativeView = new Lazy<>(NativeView::ofThisHost);
  private final Lazy<JavaRuntime> javaRuntime = new Lazy<>(JavaRuntime::ofThisJvm);

  Workshop(Kernel kernel, Architecture architecture, Path cache, SupervisorThreads threads) {
    this.kernel = kernel;
    this.host = Host.look(kernel);
    this.inputStage = new InputStage(kernel, cache);
    this.planner = new CellPlanner(host);
    this.elf = new Elf(architecture);
    this.threads = threads;
    for (Profile profile : Profile.values()) {
      filters.put(profile, new SeccompFilter(profile, architecture));
    }
  }

  Kernel kernel() {
    return kernel;
  }

  Host host() {
    return host;
  }

  /** What a cell sees and executes. */
  CellView view(CellSpec spec) {
    return CellView.of(host, spec, nativeView, javaRuntime);
  }

  /** The same of a program of ours. */
  CellView view(ConfinedProgram program) {
    return CellView.of(host, program);
  }

  /** Plans a launch. */
  LaunchPlan plan(CellSpec spec, CellView view, Placement placement) {
    return planner.plan(spec, view, placement, filter(view.profile()));
  }

  SeccompFilter filter(Profile profile) {
    SeccompFilter filter = filters.get(profile);
    if (filter == null) {
      throw new IllegalArgumentException("no filter for " + profile);
    }
    return filter;
  }

  /** A plan that is running. */
  record Running(Supervisor supervisor, Streams streams) {}

  /**
   * Runs a plan.
   *
   * @param name of the supervising thread
   * @param plan the plan
   * @param inputs files that it copies
   * @param carried descriptors that it is given after those; the caller's own stay open
   * @param alive is told init's pid
   * @param resources what to close if anything fails from here on
   */
  Running run(
      String name,
      LaunchPlan plan,
      List<InputFile> inputs,
      List<Descriptor> carried,
      IntConsumer alive,
      Resources resources) {
    List<Descriptor> ends = new ArrayList<>();
    Streams streams = Streams.open(kernel, ends, resources);
    Descriptor[] channel = kernel.messageSocket();
    Descriptor hostEnd = resources.add(channel[0]);
    ends.add(resources.add(channel[1]));
    for (InputFile input : inputs) {
      ends.add(resources.add(inputStage.stage(input)));
    }
    ends.replaceAll(end -> resources.add(kernel.moveUp(end, OUT_OF_THE_WAY)));
    for (Descriptor each : carried) {
      ends.add(resources.add(kernel.duplicate(each, OUT_OF_THE_WAY)));
    }
    Descriptor program =
        resources.add(
            kernel.moveUp(kernel.sealedProgram(PROGRAM_NAME, elf.compile(plan)), OUT_OF_THE_WAY));
    Supervisor supervisor = new Supervisor(kernel, hostEnd, () -> start(program, ends), alive);
    threads.run(name, supervisor);
    return new Running(supervisor, streams);
  }

  /** The ends must be nobody's but the launcher's, or their closing would go unnoticed. */
  private int start(Descriptor program, List<Descriptor> ends) {
    try {
      return kernel.spawn(program, PROGRAM_NAME, ends);
    } finally {
      program.close();
      ends.forEach(Descriptor::close);
    }
  }

  /** Loads and links what a launch takes, so that the first one need not. */
  void rehearse() {
    CellView view = CellView.ofProbe(HostProbe.CELL);
    Placement placement = new Placement(OptionalInt.empty(), true);
    elf.compile(plan(HostProbe.CELL, view, placement));
    nativeView.get();
  }
}
