package io.cordon.sandbox;

/** Who says that a limit was met. A guest's word never overrides the other two. */
public enum Evidence {
  /** A counter of the kernel. */
  KERNEL,
  /** The host's own clock or byte count. */
  HOST,
  /** What is inside the sandbox: its worker, or a kernel of its own. */
  GUEST
}
