package io.cordon.vm;

import io.cordon.process.GuestCells.GuestKernelFacts;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.qemu.SavedMachine;
import java.util.Optional;

/**
 * A guest that was booted once, and from which others are cloned. Immutable, but for being closed.
 *
 * @param saved its memory and the state of its devices
 * @param init the plan that its first process follows
 * @param kernel what its kernel can do
 * @param nextOrder the number of the next order
 * @param resident the program that was executing when it was saved
 */
record Template(
    SavedMachine saved,
    LaunchPlan init,
    GuestKernelFacts kernel,
    int nextOrder,
    Optional<Resident> resident) {

  /**
   * A program that waits for its input.
   *
   * @param order the order that launched it
   * @param plan the plan of that launch
   * @param greeting what it has written already
   */
  record Resident(int order, LaunchPlan plan, CellSpec.Greeting greeting) {}
}
