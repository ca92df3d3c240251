package io.cordon.worker.wire;

/**
 * What one value may be, at most. Checked by whoever writes it, for a clear error, and by whoever
 * reads it, because a guest may lie.
 *
 * @param bytes of its JSON text
 * @param nesting of objects and arrays
 * @param numberLength of a number, in digits
 * @param decimalScale of a {@link java.math.BigDecimal}, in either direction: {@code 1E+1000000000}
 *     is short until somebody adds 1 to it
 * @param stringLength of a text or a name, in UTF-16 units
 * @param elements of all its collections, maps and arrays together
 * @param hashedRecords of one set, unless they are scalars: a guest can make records whose hashes
 *     collide
 */
public record WireLimits(
    int bytes,
    int nesting,
    int numberLength,
    int decimalScale,
    int stringLength,
    int elements,
    int hashedRecords) {

  /** What both ends use unless told otherwise. */
  public static final WireLimits DEFAULT =
      new WireLimits(8 * 1024 * 1024, 64, 1000, 1000, 8 * 1024 * 1024, 500_000, 4096);

  /** Room in a frame beside a value. */
  private static final int ENVELOPE = 64;

  public WireLimits {
    if (bytes < 1
        || nesting < 1
        || numberLength < 1
        || decimalScale < 0
        || stringLength < 1
        || elements < 0
        || hashedRecords < 0) {
      throw new IllegalArgumentException("a limit of nothing");
    }
  }

  /** The longest frame that a value of this size needs. */
  public int maxFrame() {
    return bytes + ENVELOPE;
  }
}
