package io.cordon.conformance;

/** A contract that nobody else sees. */
interface NotPublic {
  int count();
}
