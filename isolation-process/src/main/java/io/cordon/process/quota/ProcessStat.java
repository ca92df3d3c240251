package io.cordon.process.quota;

/**
 * A line of {@code /proc/<pid>/stat}, as proc_pid_stat(5) has it.
 *
 * @param pid field 1
 * @param state field 3
 * @param parent field 4
 * @param userTicks field 14: its own processor time in user mode, in clock ticks
 * @param systemTicks field 15: the same in the kernel
 * @param reapedUserTicks field 16: that of descendants that were waited for
 * @param reapedSystemTicks field 17
 * @param threads field 20
 * @param startTicks field 22: when it started, in clock ticks since the host did
 * @param residentPages field 24
 */
record ProcessStat(
    long pid,
    char state,
    long parent,
    long userTicks,
    long systemTicks,
    long reapedUserTicks,
    long reapedSystemTicks,
    long threads,
    long startTicks,
    long residentPages) {

  private static final int STATE = 3;
  private static final int LAST_FIELD = 24;

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ProcessStat parse(byte[] line, int length) {
    // Its owner chooses a process's name, which may hold spaces and parentheses; what follows the
    // last parenthesis is the kernel's.
    int at = length - 1;
    while (at >= 0 && line[at] != ')') {
      at--;
    }
    at += 2;
    if (at < 2 || at >= length) {
      throw new IllegalArgumentException("not a line of /proc/<pid>/stat");
    }
    char state = (char) line[at];
    at += 2;
    long[] fields = new long[LAST_FIELD + 1];
    for (int field = STATE + 1; field <= LAST_FIELD; field++) {
      boolean negative = at < length && line[at] == '-';
      if (negative) {
        at++;
      }
      int from = at;
      long number = 0;
      for (; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
        number = number * 10 + (line[at] - '0');
      }
      if (at == from) {
        throw new IllegalArgumentException("field " + field + " is no number");
      }
      fields[field] = negative ? -number : number;
      at++;
    }
    return new ProcessStat(
        pidOf(line, length),
        state,
        fields[4],
        fields[14],
        fields[15],
        fields[16],
        fields[17],
        fields[20],
        fields[22],
        fields[24]);
  }

  private static long pidOf(byte[] line, int length) {
    long pid = 0;
    for (int at = 0; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
      pid = pid * 10 + (line[at] - '0');
    }
    return pid;
  }

  /**
   * Whether, having been sent a SIGSTOP, it runs no more for now, or for ever. Who waits
   * uninterruptibly takes it before it runs again: so does the parent of a vfork, whose stopped
   * child keeps it waiting.
   */
  boolean stopped() {
    return state == 'T' || state == 't' || state == 'D' || dead();
  }

  /** Whether it is dead, waited for or not. */
  boolean dead() {
    return state == 'Z' || state == 'X';
  }
}
