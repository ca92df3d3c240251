package io.cordon.worker.wire;

/** What one frame carries. */
public sealed interface Message permits ToWorker, ToHost {
  /** The version of the protocol; {@link ToHost.Ready} says which one a worker speaks. */
  int VERSION = 3;
}
