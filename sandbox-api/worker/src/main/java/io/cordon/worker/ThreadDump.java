package io.cordon.worker;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the threads of this JVM are at, as text: those of the guest, and the one of its task. */
final class ThreadDump {
  private static final int LONGEST = 64 * 1024;
  private static final int LONGEST_NAME = 128;
  private static final int DEEPEST = 256;
  private static final int MOST = 200;

  private ThreadDump() {}

  /**
   * Takes a dump.
   *
   * @param task the thread that comes first
   */
  static String of(Thread task) {
    StringBuilder dump = new StringBuilder();
    append(task, dump);
    // One by one: all at once come with every frame of theirs, and a guest may be deep in
    // recursion.
    for (Thread thread : guests(task.getThreadGroup())) {
      if (dump.length() > LONGEST) {
        break;
      }
      if (!thread.equals(task) && !thread.equals(Thread.currentThread())) {
        append(thread, dump);
      }
    }
    return ThrownReport.cut(dump.toString(), LONGEST);
  }

  /** Those of the JVM itself are in other groups. */
  private static List<Thread> guests(@Nullable ThreadGroup group) {
    if (group == null) {
      return List.of(); // the thread is dead
    }
    Thread[] threads = new Thread[MOST];
    return Arrays.asList(threads).subList(0, group.enumerate(threads));
  }

  private static void append(Thread thread, StringBuilder dump) {
    dump.append('"')
        .append(ThrownReport.cut(thread.getName(), LONGEST_NAME))
        .append("\" #")
        .append(thread.threadId())
        .append(thread.isDaemon() ? " daemon " : " ")
        .append(thread.getState())
        .append('\n');
    int depth = 0;
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (depth++ == DEEPEST || dump.length() > LONGEST) {
        dump.append("\t...\n");
        break;
      }
      dump.append("\tat ").append(ThrownReport.cut(frame.toString(), ThrownReport.LONGEST_TYPE));
      dump.append('\n');
    }
    dump.append('\n');
  }
}
