package io.cordon.vm.kvm;

import java.util.List;

/**
 * What a probe told, and how its process ended.
 *
 * @param reports what it told, in its order
 * @param end how it ended
 */
record Observation(List<ProbeReport> reports, End end) {

  Observation {
    reports = List.copyOf(reports);
  }

  /** How a probe's process ended. */
  sealed interface End {

    /** By itself, or by a signal that is not this JVM's. */
    record Ended(int waitStatus) implements End {}

    /** It was killed at its deadline, and is reaped. */
    record Killed() implements End {}

    /** It was killed at its deadline, and does not die: it hangs inside the kernel. */
    record Unkillable() implements End {}

    /** It could not be started, or not be followed. */
    record NotStarted(String cause) implements End {}
  }
}
