package io.cordon.conformance.contract;

import java.util.List;

/** Draws numbers that nobody else may draw. */
public interface Dice {

  /** Some, each from another source. */
  List<String> shake();
}
