package io.cordon.samples.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Takes contestants in turn, so that whatever else the machine does falls on all of them alike:
 * only then is a ratio of their medians worth something.
 */
final class Contest {

  /** One thing that is done and timed. */
  @FunctionalInterface
  interface Contestant {
    void run() throws Exception;
  }

  private static final long SEED = 25;

  private record Entry(Samples samples, Contestant contestant, int batch) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Adds a contestant whose single runs are timed, {@code batch} of them each turn. */
  Samples enter(String name, int batch, Contestant contestant) {
    Samples samples = new Samples(name);
    entries.add(new Entry(samples, contestant, batch));
    return samples;
  }

  /** Lets every contestant warm up for some turns, then measures the given number of turns. */
  void run(int warmUpTurns, int turns) throws Exception {
    // The kernel takes apart in the background what one leaves behind, at the next one's expense:
    // so in each turn they come in another order, the same in every run.
    Random random = new Random(SEED);
    List<Entry> order = new ArrayList<>(entries);
    for (int turn = -warmUpTurns; turn < turns; turn++) {
      Collections.shuffle(order, random);
      for (Entry entry : order) {
        for (int n = 0; n < entry.batch(); n++) {
          long begin = System.nanoTime();
          entry.contestant().run();
          long elapsed = System.nanoTime() - begin;
          if (turn >= 0) {
            entry.samples().add(elapsed);
          }
        }
      }
    }
  }
}
