package io.cordon.leaks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processes that were descendants of another at one moment, to be looked after later, when their
 * ancestor is dead and the tree no longer shows whose they were.
 *
 * @param handles theirs; a handle knows the start time, so that a used-again pid is no mistake
 */
public record LiveProcesses(List<ProcessHandle> handles) {

  public LiveProcesses {
    handles = List.copyOf(handles);
  }

  /** The descendants of a process now. */
  public static LiveProcesses under(ProcessHandle ancestor) {
    return new LiveProcesses(ancestor.descendants().toList());
  }

  /** Those that still run: what is dead and waits for its new parent to notice, does not. */
  public List<ProcessHandle> alive() {
    return handles.stream().filter(p -> p.isAlive() && !isZombie(p.pid())).toList();
  }

  private static boolean isZombie(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // The name may hold spaces and brackets: the last bracket ends it.
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException gone) {
      return true;
    }
  }
}
