package io.cordon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.HostJvm;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.leaks.ControlGroups;
import io.cordon.leaks.Footprint;
import io.cordon.leaks.LiveProcesses;
import io.cordon.leaks.UserClaims;
import io.cordon.sandbox.Sandboxes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random runs with random kills, cancels, closes and restarts of the host: none may be told to have
 * ended in a way in which it can't have ended, and after each batch nothing may be left.
 *
 * <p>{@code -Dcordon.soak.runs} says how many. {@code -Dcordon.soak.seed}, which is always printed,
 * draws the same runs again, and {@code -Dcordon.soak.first} begins with one of them.
 */
public abstract class Soak {

  private static final int BATCHES_A_HOST = 2;
  private static final int BATCHES_A_LINE = 5;
  private static final int MOST_FAILURES = 20;
  private static final Duration AMPLE = Duration.ofSeconds(60);

  private final Map<String, Integer> tally = new ConcurrentSkipListMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** What isolates the runs. */
  protected abstract StrategyUnderTest strategy();

  /** What is drawn from. */
  protected abstract Menu menu();

  /** How many are run at once. */
  protected abstract int lanes();

  /** How many runs one application does before it is closed. */
  protected abstract int batch();

  /** How many runs there are if nobody says so. */
  protected abstract int runs();

  @Test
  void everyRunEndsInAWayInWhichItCanEndAndNothingIsLeft(@TempDir Path directory) throws Exception {
    long seed = Long.getLong("cordon.soak.seed", System.nanoTime());
    int runs = Integer.getInteger("cordon.soak.runs", runs());
    int first = Integer.getInteger("cordon.soak.first", 0);
    System.out.printf("soak of %s: %d runs, seed %d%n", strategy().name(), runs, seed);
    Scenarios scenarios = new Scenarios(seed, menu());
    try (Tools tools = Tools.make()) {
      Site site = Site.in(directory, tools, strategy(), lanes());
      Set<String> before = standing();
      int batches = 0;
      for (int done = first; done < first + runs; ) {
        int end = Math.min(done + batch(), first + runs);
        new Batch(site, scenarios, lanes(), done, end, this::tell).run();
        assertNothingIsLeft(before, done, end);
        done = end;
        if (++batches % BATCHES_A_HOST == 0) {
          done += killAHost(site, scenarios, done);
          assertNothingIsLeft(before, end, done);
        }
        if (batches % BATCHES_A_LINE == 0) {
          System.out.printf("soak of %s: %d runs so far%n", strategy().name(), done - first);
        }
        assertThat(failures).hasSizeLessThan(MOST_FAILURES);
      }
    }
    System.out.printf("soak of %s: seed %d: %s%n", strategy().name(), seed, tally);
    assertThat(failures)
        .as(
            "-Dcordon.soak.seed=%d -Dcordon.soak.runs=1 -Dcordon.soak.first=N repeats number N",
            seed)
        .isEmpty();
  }

  private void tell(Lane.Went went) {
    tally.merge(went.kind(), 1, Integer::sum);
    if (!went.faults().isEmpty()) {
      fail(went.inWords());
    }
  }

  private void fail(String what) {
    System.out.println("WRONG: " + what);
    failures.add(what);
  }

  /** Kills an application in the midst of its runs. Returns how many of them had ended. */
  private int killAHost(Site site, Scenarios scenarios, int first) throws Exception {
    RandomGenerator random = new SplittableRandom(scenarios.seed() - first);
    int wanted = random.nextInt(batch() / 3);
    Duration more = Duration.ofNanos((long) (1000 * Math.exp(random.nextDouble(12))));
    List<String> arguments =
        Stream.concat(
                site.arguments().stream(),
                Stream.of(scenarios.seed(), scenarios.menu(), lanes(), first).map(String::valueOf))
            .toList();
    List<String> options = List.of("-Xmx192m");
    long pid;
    int ended = 0;
    LiveProcesses descendants;
    try (HostJvm host = HostJvm.start(SoakHost.class, List.of(), options, Map.of(), arguments)) {
      assertThat(host.line()).isEqualTo("READY");
      while (ended < wanted) {
        hear(host.line());
        ended++;
      }
      Run.idle(more);
      pid = host.process().pid();
      descendants = LiveProcesses.under(host.process().toHandle());
      host.process().toHandle().destroyForcibly(); // which leaves what it has said to be read
      String rest = host.rest();
      for (String line : rest.substring(0, rest.lastIndexOf('\n') + 1).lines().toList()) {
        hear(line); // the last one may have been cut off
        ended++;
      }
      host.status();
    }
    tally.merge("hosts killed", 1, Integer::sum);
    theNextRemovesWhatIsLeft(site, pid, descendants);
    return ended;
  }

  private void hear(String line) {
    tally.merge("runs of hosts that were killed", 1, Integer::sum);
    if (line.startsWith(SoakHost.WRONG)) {
      fail("in a host of its own: " + line);
    } else if (!line.equals(SoakHost.RAN)) {
      fail("a host says: " + line);
    }
  }

  /** Where control groups are frozen and not thawed, who is in them dies only with them. */
  private static void theNextRemovesWhatIsLeft(Site site, long dead, LiveProcesses descendants) {
    try (Sandboxes next = site.open()) {
      next.tenant(Profile.CALM.tenant(0)).run(site.tools().sh("true"));
      assertThat(ControlGroups.of(dead)).as("groups of the dead host").isEmpty();
      assertThat(UserClaims.of(dead)).as("users of the dead host").isEmpty();
    }
    Eventually.within(
        AMPLE, () -> descendants.alive().isEmpty(), "the end of " + descendants.alive());
  }

  private void assertNothingIsLeft(Set<String> before, int first, int last) {
    Set<String> left = left(before);
    long deadline = System.nanoTime() + AMPLE.toNanos();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Run.idle(Duration.ofMillis(10));
      left = left(before);
    }
    if (!left.isEmpty()) {
      fail("after runs %d to %d there is left: %s".formatted(first, last - 1, left));
    }
  }

  private Set<String> left(Set<String> before) {
    Set<String> left = standing();
    left.removeAll(before); // what other tests of this JVM keep until its end
    return left;
  }

  private Set<String> standing() {
    Set<String> standing = new TreeSet<>(Footprint.now(List.of(), strategy().cache()).remnants());
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cordon-"))
        .forEach(thread -> standing.add("thread " + thread));
    UserClaims.of(ProcessHandle.current().pid()).forEach(claim -> standing.add("user " + claim));
    return standing;
  }
}
