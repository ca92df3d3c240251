package io.cordon.process.seccomp;

import io.cordon.process.kernel.Constant;
import java.util.Arrays;
import java.util.List;

/**
 * What an argument must be for a system call to be allowed. Only the lower 32 bits are looked at:
 * every argument that is checked is an int in the kernel, or has all its meaning there.
 */
sealed interface Check {

  /** Which argument, from 0. */
  int argument();

  /** One of some values, after masking. */
  record OneOf(int argument, int mask, List<Integer> values) implements Check {}

  /** None of these bits. */
  record Without(int argument, int bits) implements Check {}

  /** All of these bits. */
  record With(int argument, int bits) implements Check {}

  static Check oneOf(int argument, long... values) {
    return masked(argument, -1, values);
  }

  static Check oneOf(int argument, Constant... values) {
    return oneOf(argument, Arrays.stream(values).mapToLong(Constant::value).toArray());
  }

  static Check masked(int argument, long mask, long... values) {
    return new OneOf(
        argument, (int) mask, Arrays.stream(values).mapToObj(value -> (int) value).toList());
  }

  static Check without(int argument, Constant... flags) {
    return new Without(argument, (int) Constant.or(flags));
  }

  static Check with(int argument, Constant... flags) {
    return new With(argument, (int) Constant.or(flags));
  }
}
