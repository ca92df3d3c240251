package io.cordon.process.quota;

import io.cordon.process.kernel.Signal;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Signals all of a crowd that can only be listed, and forks while it is listed.
 *
 * <p>A process that has been sent a signal can't fork before it has taken it (copy_process fails
 * with a signal pending), so after SIGKILL and SIGSTOP each round leaves fewer that can. It ends
 * when a round finds nobody new.
 */
final class SignalRounds {
  private static final int MOST = 1000;

  private final ProcessSignals signals;

  SignalRounds(ProcessSignals signals) {
    this.signals = signals;
  }

  /** Signals everybody; does not wait for them to be gone. */
  void send(Signal signal, Listing crowd) throws IOException {
    Set<Long> signalled = new HashSet<>();
    for (int round = 0; round < MOST; round++) {
      boolean anybodyNew = false;
      for (long pid : crowd.pids()) {
        if (signalled.add(pid)) {
          signals.send(pid, signal);
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
