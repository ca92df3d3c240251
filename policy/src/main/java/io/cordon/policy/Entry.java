package io.cordon.policy;

/**
 * What may stand in a mapping of a policy file: the table that everything about the format uses.
 */
sealed interface Entry permits Section, Key, Unsupported {

  /** The key in the file. */
  String name();

  /** Whether a policy may have it. */
  default boolean supported() {
    return switch (this) {
      case Key<?> _ -> true;
      case Unsupported _ -> false;
      case Section section -> section.entries().stream().anyMatch(Entry::supported);
    };
  }
}
