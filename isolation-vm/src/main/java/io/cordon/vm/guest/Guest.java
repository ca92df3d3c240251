package io.cordon.vm.guest;

import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All that a guest boots from, whatever machine that is on. Immutable. */
public final class Guest {
  private final GuestKernel kernel;
  private final byte[] initrd;
  private final RootImage root;
  private final LaunchPlan init;

  private Guest(GuestKernel kernel, byte[] initrd, RootImage root, LaunchPlan init) {
    this.kernel = kernel;
    this.initrd = initrd;
    this.root = root;
    this.init = init;
  }

  /** A guest that takes orders, and has a scratch disk: see {@link AgentInit}. */
  public static Guest withAgent(GuestKernel kernel, Architecture architecture, RootImage root)
      throws IOException {
    return of(kernel, architecture, root, GuestKernel.SCRATCH, AgentInit::plan);
  }

  /**
   * A guest with another first process.
   *
   * @param modules by name, besides those that every guest needs
   * @param init the plan of a first process that loads these modules
   */
  static Guest of(
      GuestKernel kernel,
      Architecture architecture,
      RootImage root,
      List<String> modules,
      Function<List<KernelModule>, LaunchPlan> init)
      throws IOException {
    List<String> names = new ArrayList<>(GuestKernel.ESSENTIAL);
    names.addAll(modules);
    List<KernelModule> inOrder = kernel.inLoadOrder(names);
    LaunchPlan plan = init.apply(inOrder);
    return new Guest(kernel, Initrd.of(new Elf(architecture).compile(plan), inOrder), root, plan);
  }

  /** Its kernel. */
  public GuestKernel kernel() {
    return kernel;
  }

  /** Its initial ram disk. */
  public byte[] initrd() {
    return initrd.clone();
  }

  /** Its root image. */
  public RootImage root() {
    return root;
  }

  /** The plan of its first process, which names the steps that may fail. */
  public LaunchPlan init() {
    return init;
  }
}
