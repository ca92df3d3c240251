package io.cordon.process.identity;

/** User or group ids, both ends included. They are unsigned in the kernel, hence long. */
record IdRange(long first, long last) {

  IdRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(first + "-" + last + " is no range of ids");
    }
  }

  static IdRange ofCount(long first, long count) {
    return new IdRange(first, first + count - 1);
  }

  boolean contains(long id) {
    return first <= id && id <= last;
  }

  boolean contains(IdRange other) {
    return contains(other.first) && contains(other.last);
  }

  long size() {
    return last - first + 1;
  }
}
