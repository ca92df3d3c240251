package io.cordon.vm.image;

/** What tells whether something on the host is still what it was. */
sealed interface Stamp permits FileStamp, TreeStamp {

  /** Whether it is there, and the same. */
  boolean holds();
}
