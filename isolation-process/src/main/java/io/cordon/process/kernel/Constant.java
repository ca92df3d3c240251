package io.cordon.process.kernel;

/** A constant of the kernel, which a launch plan can print by its name. */
public interface Constant {

  /** Its name in the header. */
  String name();

  /** Its value. */
  long value();

  /** All of them together, as a word of flags. */
  static long or(Constant... constants) {
    long bits = 0;
    for (Constant constant : constants) {
      bits |= constant.value();
    }
    return bits;
  }
}
