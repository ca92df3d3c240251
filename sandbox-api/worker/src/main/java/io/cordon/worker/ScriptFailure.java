package io.cordon.worker;

import io.cordon.worker.wire.ToHost;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.PolyglotException.StackFrame;
import org.graalvm.polyglot.Value;

/** Tells the host what a script threw; of the stack, the script's frames. */
final class ScriptFailure {
  private ScriptFailure() {}

  static ToHost.Threw of(long task, PolyglotException thrown) {
    String type = type(thrown);
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    // Polyglot repeats the type in the message of an error object.
    if (message.startsWith(type + ": ")) {
      message = message.substring(type.length() + 2);
    }
    return new ToHost.Threw(
        task,
        ThrownReport.cut(type, ThrownReport.LONGEST_TYPE),
        ThrownReport.cut(message, ThrownReport.LONGEST_MESSAGE),
        trace(thrown));
  }

  private static String type(PolyglotException thrown) {
    if (thrown.isSyntaxError()) {
      return "SyntaxError";
    }
    try {
      Value object = thrown.getGuestObject();
      if (object != null && object.isException() && object.getMetaObject() != null) {
        return object.getMetaObject().getMetaSimpleName();
      }
    } catch (PolyglotException e) {
      // A script may make an object that throws when it is asked what it is.
      return "Error";
    }
    return "Error";
  }

  private static String trace(PolyglotException thrown) {
    StringBuilder trace = new StringBuilder();
    for (StackFrame frame : thrown.getPolyglotStackTrace()) {
      if (trace.length() > ThrownReport.LONGEST_TRACE) {
        break;
      }
      if (frame.isGuestFrame()) {
        trace.append("\tat ").append(ThrownReport.cut(line(frame), ThrownReport.LONGEST_TYPE));
        trace.append('\n');
      }
    }
    return ThrownReport.cut(trace.toString(), ThrownReport.LONGEST_TRACE);
  }

  private static String line(StackFrame frame) {
    StringBuilder line = new StringBuilder();
    line.append(frame.getRootName());
    if (frame.getSourceLocation() != null) {
      line.append(" (")
          .append(frame.getSourceLocation().getSource().getName())
          .append(':')
          .append(frame.getSourceLocation().getStartLine())
          .append(':')
          .append(frame.getSourceLocation().getStartColumn())
          .append(')');
    }
    return line.toString();
  }
}
