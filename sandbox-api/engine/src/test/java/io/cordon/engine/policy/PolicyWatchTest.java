package io.cordon.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.admission.Gate;
import io.cordon.engine.event.Events;
import io.cordon.engine.policy.LookTimes.Pace;
import io.cordon.policy.Policy;
import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.PolicyChanged;
import io.cordon.sandbox.SandboxEvent.PolicyRejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which files really change. An event is waited for as long as it takes. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test begins to watch
class PolicyWatchTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(10);

  @TempDir private Path directory;
  @TempDir private Path elsewhere;

  private final BlockingQueue<SandboxEvent> told = new LinkedBlockingQueue<>();
  private PolicyWatch watch;
  private LivePolicies policies;

  /** Begins to watch acme's policy, and waits until it has been looked at. */
  private void watch(PolicySource source, Pace pace) throws IOException {
    policies =
        new LivePolicies(
            source,
            new Gate(OptionalInt.empty(), System::nanoTime, () -> {}),
            tenant -> List.of(),
            new Events(List.of(told::add)));
    watch = new PolicyWatch(policies, source, System::nanoTime, pace);
    policies.tenant("acme");
    watch.begin();
    watch.begin();
  }

  /** With changes that are told, and never looked for otherwise, once it has settled. */
  private void watchByEvents() throws Exception {
    watch(new PolicyFiles(directory), new Pace(SOON, NEVER));
    // The first look may come before or after this: in both cases it is told by an event, or seen.
    write(directory, "acme", 2);
    assertThat(changed()).isEqualTo(2);
  }

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
    assertThat(told).isEmpty();
  }

  private void write(Path directory, String tenant, int pids) throws IOException {
    write(directory.resolve(tenant + ".yaml"), text(pids));
  }

  private static String text(int pids) {
    return "tenant: acme%nsandbox: { pids.max: %d }%n".formatted(pids);
  }

  /** As a whole, so that nobody ever sees a part of it. */
  private void write(Path file, String text) throws IOException {
    Path made = Files.writeString(elsewhere.resolve("made"), text);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private int changed() throws InterruptedException {
    return ((PolicyChanged) told.take()).policy().sandbox().pidsMax();
  }

  private PolicyProblem rejected() throws InterruptedException {
    return ((PolicyRejected) told.take()).problems().getFirst();
  }

  @Test
  void aFileThatIsWrittenInPlace() throws Exception {
    write(directory, "acme", 1);
    watchByEvents();
    Files.writeString(directory.resolve("acme.yaml"), text(3));
    SandboxEvent event = told.take();
    while (event instanceof PolicyRejected) { // a host so slow that half of it stood there a while
      event = told.take();
    }
    assertThat(((PolicyChanged) event).policy().sandbox().pidsMax()).isEqualTo(3);
  }

  @Test
  void aFileThatIsRenamedIntoPlace() throws Exception {
    write(directory, "acme", 1);
    watchByEvents();
    Path next = Files.writeString(directory.resolve(".acme.yaml.swp"), text(3));
    Files.move(next, directory.resolve("acme.yaml"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(changed()).isEqualTo(3);
  }

  @Test
  void theFilesThatAllTenantsShare() throws Exception {
    write(directory, "acme", 1);
    watchByEvents();
    write(directory.resolve("ceiling.yaml"), "sandbox: { pids.max: 1 }\n");
    assertThat(changed()).isEqualTo(1);
    write(directory.resolve("defaults.yaml"), "environment: [LANG]\n");
    assertThat(((PolicyChanged) told.take()).policy().environment()).containsExactly("LANG");
    Files.delete(directory.resolve("ceiling.yaml"));
    assertThat(changed()).isEqualTo(2);
  }

  @Test
  void aFileThatIsBrokenVanishesAndComesBack() throws Exception {
    write(directory, "acme", 1);
    watchByEvents();
    write(directory.resolve("acme.yaml"), "tenant: acme\nsandbox: { pids.max: many }\n");
    assertThat(rejected().line()).isEqualTo(2);
    assertThat(policies.tenant("acme").policy().sandbox().pidsMax()).isEqualTo(2);
    Files.delete(directory.resolve("acme.yaml"));
    assertThat(rejected().code()).isEqualTo(PolicyProblem.Code.UNKNOWN_TENANT);
    write(directory, "acme", 3);
    assertThat(changed()).isEqualTo(3);
  }

  /** As kubelet does it: the names are links through a link, which is replaced. */
  @Test
  void theLinksOfAConfigMap() throws Exception {
    Path first = Files.createDirectory(directory.resolve("..2026_01"));
    write(first, "acme", 1);
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(directory.resolve("acme.yaml"), Path.of("..data/acme.yaml"));
    watch(new PolicyFiles(directory), new Pace(SOON, NEVER));
    for (int pids = 2; pids < 5; pids++) {
      Path next = Files.createDirectory(directory.resolve("..2026_01_" + pids));
      write(next, "acme", pids);
      Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
      Files.move(
          directory.resolve("..data_tmp"),
          directory.resolve("..data"),
          StandardCopyOption.ATOMIC_MOVE);
      assertThat(changed()).isEqualTo(pids);
    }
  }

  @Test
  void aDirectoryThatIsReplacedByAnother() throws Exception {
    Path inUse = Files.createDirectory(directory.resolve("policies"));
    write(inUse, "acme", 1);
    watch(new PolicyFiles(inUse), new Pace(SOON, SOON));
    for (int pids = 2; pids < 4; pids++) {
      Path next = Files.createDirectory(directory.resolve("next"));
      write(next, "acme", pids);
      Files.move(inUse, directory.resolve("before-" + pids), StandardCopyOption.ATOMIC_MOVE);
      Files.move(next, inUse, StandardCopyOption.ATOMIC_MOVE);
      SandboxEvent event = told.take();
      if (event instanceof PolicyRejected) { // looked at between the two
        event = told.take();
      }
      assertThat(((PolicyChanged) event).policy().sandbox().pidsMax()).isEqualTo(pids);
    }
  }

  @Test
  void whatNobodyTellsOfIsFoundByLooking() throws Exception {
    write(directory, "acme", 1);
    PolicyFiles files = new PolicyFiles(directory);
    watch(
        new PolicySource() {
          @Override
          public Policy policy(String tenant) {
            return files.policy(tenant);
          }

          @Override
          public String fingerprint(String tenant) {
            return files.fingerprint(tenant);
          }

          @Override
          public Changes changes() {
            return new NoChanges();
          }
        },
        new Pace(SOON, SOON));
    write(directory, "acme", 2);
    assertThat(changed()).isEqualTo(2);
  }

  @Test
  void onceItIsClosedNothingIsLookedAt() throws Exception {
    write(directory, "acme", 1);
    watchByEvents();
    watch.close();
    watch.close();
    watch.begin();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("cordon-policies"));
  }
}
