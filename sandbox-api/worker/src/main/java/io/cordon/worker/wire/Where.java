package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonStreamContext;

/** Says where in a value something is. */
final class Where {
  private static final int LONGEST = 200;

  private Where() {}

  /** The place as a JSON pointer and a colon, or nothing for the value as a whole. */
  static String of(JsonStreamContext context) {
    String pointer = context.pathAsPointer().toString();
    return pointer.isEmpty() ? "" : bounded(pointer) + ": ";
  }

  /** The place of the value that would be written next. */
  static String next(JsonStreamContext context) {
    if (!context.inArray()) {
      return of(context);
    }
    // Counts what was written before.
    int index = context.hasCurrentIndex() ? context.getCurrentIndex() + 1 : 0;
    return bounded(context.getParent().pathAsPointer().toString()) + "/" + index + ": ";
  }

  /** Text that may be a guest's, cut to a length that fits into a message. */
  static String bounded(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
