package io.cordon.worker.wire;

import java.util.Set;

/** What a worker says. Nothing of it is to be trusted. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public sealed interface ToHost extends Message {

  /** The task of {@link Output} that was printed while no task ran. */
  long NO_TASK = 0;

  /** It has started, and takes messages. */
  record Ready(int version) implements ToHost {}

  /** What the plugin's bytecode shows. */
  record Traits(Set<Trait> traits) implements ToHost {
    public Traits {
      traits = Set.copyOf(traits);
    }
  }

  /** The service is there. */
  record ServiceOpened(int service) implements ToHost {}

  /** The service is not there, and why. */
  record ServiceMissing(int service, String reason) implements ToHost {}

  /**
   * The task ended with a value.
   *
   * @param value as {@link MethodCodec#writeResult} wrote it, or a script's JSON text
   */
  record Returned(long task, byte[] value) implements ToHost {}

  /**
   * The guest's code threw.
   *
   * @param type the name of the exception's class
   * @param trace the guest's stack and causes, or an empty text
   */
  record Threw(long task, String type, String message, String trace) implements ToHost {}

  /** The worker could not do what it was asked, or could not send the value; and why. */
  record Rejected(long task, String reason) implements ToHost {}

  /** The worker has ended a script, which had all that its {@link ScriptQuota} allows. */
  record LimitMet(long task, Metered metered) implements ToHost {}

  /**
   * What the guest's threads are at, shortly before the time of the task is over.
   *
   * @param text a stack for each thread, the task's own first
   */
  record ThreadDump(long task, String text) implements ToHost {}

  /**
   * The guest printed.
   *
   * @param task the task that runs, or {@link #NO_TASK}
   * @param error whether to {@code System.err}
   */
  record Output(long task, boolean error, byte[] bytes) implements ToHost {}
}
