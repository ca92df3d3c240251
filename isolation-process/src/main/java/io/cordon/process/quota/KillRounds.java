package io.cordon.process.quota;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Kills all of a crowd that can only be listed, and forks while it is listed.
 *
 * <p>A process that has been sent SIGKILL can't fork any more (copy_process fails with a fatal
 * signal pending), so each round leaves fewer that can. It ends when a round finds nobody new.
 */
final class KillRounds {
  private static final int MOST = 1000;

  private final ProcessSignals signals;

  KillRounds(ProcessSignals signals) {
    this.signals = signals;
  }

  /** Signals everybody; does not wait for them to be gone. */
  void kill(Listing crowd) throws IOException {
    Set<Long> signalled = new HashSet<>();
    for (int round = 0; round < MOST; round++) {
      boolean anybodyNew = false;
      for (long pid : crowd.pids()) {
        if (signalled.add(pid)) {
          signals.kill(pid);
          anybodyNew = true;
        }
      }
      if (!anybodyNew) {
        return;
      }
    }
  }

  /** Who is there now. */
  interface Listing {
    List<Long> pids() throws IOException;
  }
}
