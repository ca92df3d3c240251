package io.cordon.policy;

/** Whether a micro-VM may be emulated where the host has no usable KVM. */
public enum Emulation {
  /** A micro-VM needs hardware virtualisation, or is refused. */
  REFUSE("refuse"),
  /** A micro-VM may run on an emulated processor: as well isolated, but many times slower. */
  ALLOW("allow");

  private final String key;

  Emulation(String key) {
    this.key = key;
  }

  /** The word in a policy file. */
  public String key() {
    return key;
  }
}
