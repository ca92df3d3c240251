package io.cordon.policy;

/**
 * What may stand in a mapping of a policy file: the table that everything about the format uses.
 */
sealed interface Entry permits Section, Key, Unsupported {

  /** The key in the file. */
  String name();
}
