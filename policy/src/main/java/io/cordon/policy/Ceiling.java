package io.cordon.policy;

import java.util.function.BinaryOperator;

/**
 * What a value in {@code ceiling.yaml} does to the value that a tenant would otherwise have.
 *
 * @param join makes the effective value of the tenant's (first) and the ceiling's (second)
 * @param origin how the result is explained when it differs from the tenant's
 */
record Ceiling<T>(BinaryOperator<T> join, Explained origin) {

  /** Says where a value comes from that the ceiling has changed. */
  @FunctionalInterface
  interface Explained {
    Origin of(Place ceiling, Origin asked, String askedValue);
  }

  /** A ceiling that changes nothing. */
  static <T> Ceiling<T> none() {
    return cutting((tenant, ceiling) -> tenant);
  }

  /** A ceiling that takes something away. */
  static <T> Ceiling<T> cutting(BinaryOperator<T> join) {
    return new Ceiling<>(join, Origin.Cut::new);
  }

  /** A ceiling that demands more. */
  static <T> Ceiling<T> demanding(BinaryOperator<T> join) {
    return new Ceiling<>(join, Origin.Extended::new);
  }
}
