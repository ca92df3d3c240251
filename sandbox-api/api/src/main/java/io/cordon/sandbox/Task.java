package io.cordon.sandbox;

/**
 * A workload that ends with a value.
 *
 * @param <T> the value's type
 */
public sealed interface Task<T> extends Workload permits Command, Script {}
