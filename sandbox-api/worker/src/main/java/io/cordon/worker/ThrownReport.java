package io.cordon.worker;

import io.cordon.worker.wire.ToHost;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the host what a guest's code threw. An exception is the guest's object: its methods may
 * throw, lie or go in circles, so each is called once, guarded, and cut to size.
 */
final class ThrownReport {
  static final int LONGEST_TYPE = 512;
  static final int LONGEST_MESSAGE = 4 * 1024;
  static final int LONGEST_TRACE = 16 * 1024;
  private static final String CUT = "…";

  private ThrownReport() {}

  static ToHost.Threw of(long task, Throwable thrown) {
    return new ToHost.Threw(
        task,
        cut(thrown.getClass().getName(), LONGEST_TYPE),
        cut(message(thrown), LONGEST_MESSAGE),
        trace(thrown));
  }

  /** One line for a message of the worker's own. */
  static String line(Throwable thrown) {
    String message = message(thrown);
    String type = thrown.getClass().getName();
    return cut(message.isEmpty() ? type : type + ": " + message, LONGEST_MESSAGE);
  }

  static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - CUT.length()) + CUT;
  }

  private static String message(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : message;
    } catch (Throwable anything) {
      return "";
    }
  }

  private static String trace(Throwable thrown) {
    StringBuilder trace = new StringBuilder();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable next = thrown;
    while (next != null && trace.length() < LONGEST_TRACE && seen.add(next)) {
      if (!trace.isEmpty()) {
        trace.append("Caused by: ");
      }
      trace.append(line(next)).append('\n');
      for (StackTraceElement frame : frames(next)) {
        if (trace.length() > LONGEST_TRACE) {
          break;
        }
        trace.append("\tat ").append(cut(frame.toString(), LONGEST_TYPE)).append('\n');
      }
      next = cause(next);
    }
    return cut(trace.toString(), LONGEST_TRACE);
  }

  private static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable anything) {
      return null;
    }
  }

  /** The guest's frames: those below the call into it are the worker's. */
  private static Iterable<StackTraceElement> frames(Throwable thrown) {
    Deque<StackTraceElement> frames = new ArrayDeque<>();
    try {
      for (StackTraceElement frame : thrown.getStackTrace()) {
        if (frame.getClassName().equals(PluginHost.class.getName())) {
          while (!frames.isEmpty() && isReflection(frames.getLast())) {
            frames.removeLast();
          }
          break;
        }
        frames.add(frame);
      }
    } catch (Throwable anything) {
      frames.clear();
    }
    return frames;
  }

  private static boolean isReflection(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("jdk.internal.reflect.") || type.startsWith("java.lang.reflect.");
  }
}
