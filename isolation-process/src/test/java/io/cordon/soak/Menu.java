package io.cordon.soak;

/** What the works of a soak are drawn from. */
public enum Menu {
  /** All of it. */
  FULL,
  /** What takes no more than a few tenants: each costs a micro-VM its template. */
  SMALL
}
