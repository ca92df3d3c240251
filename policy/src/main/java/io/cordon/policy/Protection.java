package io.cordon.policy;

/** The protections that a policy can require by name. */
public enum Protection {
  /** Own user, mount, pid, network, ipc, uts, cgroup and time namespaces, and a root of its own. */
  NAMESPACES("namespaces"),
  /** A seccomp filter: only the system calls that the workload needs. */
  SECCOMP("seccomp"),
  /** Landlock rules over files, on top of the mount namespace. */
  LANDLOCK("landlock"),
  /** Memory, cpu and pids limits that the kernel enforces on the whole group. */
  CGROUP("cgroup");

  private final String key;

  Protection(String key) {
    this.key = key;
  }

  /** The word in a policy file. */
  public String key() {
    return key;
  }
}
