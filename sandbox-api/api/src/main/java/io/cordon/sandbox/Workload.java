package io.cordon.sandbox;

import io.cordon.policy.WorkloadKind;

/** Something that can be isolated. */
public sealed interface Workload permits Plugin, Task {

  /** The kind that a policy knows it by. */
  WorkloadKind kind();
}
