package io.cordon.process.quota;

import io.cordon.policy.Protection;
import io.cordon.sandbox.Layer;
import java.util.Optional;

/** What came of trying one controller. */
sealed interface Finding {

  /** As a layer. */
  Layer layer(Controller controller);

  private static Layer layer(
      Controller controller, Layer.State state, String detail, String remedy) {
    return new Layer(
        "cgroup-" + controller.kernelName(), Optional.of(Protection.CGROUP), state, detail, remedy);
  }

  /**
   * The kernel holds cells to the limit.
   *
   * @param where by what
   */
  record Held(String where) implements Finding {
    @Override
    public Layer layer(Controller controller) {
      return Finding.layer(controller, Layer.State.IN_FORCE, where, "");
    }
  }

  /**
   * The kernel does not.
   *
   * @param why the error that the host gave
   * @param remedy what would help
   */
  record Refused(String why, String remedy) implements Finding {
    @Override
    public Layer layer(Controller controller) {
      String instead =
          switch (controller) {
            case MEMORY ->
                "watched every 20 ms instead, and the cell killed when it is seen above the limit, or"
                    + " the largest of a tenant that is seen above its own";
            case PIDS ->
                "watched instead, and RLIMIT_NPROC set within the cell's user namespace; nothing holds"
                    + " a tenant to limits.pids.max";
            case CPU, CPUACCT, FREEZER, CPUSET, IO ->
                "processor time is watched instead, but cpu.max slows nothing down";
          };
      return Finding.layer(controller, Layer.State.ADVISORY, why + "; " + instead, remedy);
    }
  }
}
