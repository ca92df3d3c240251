package io.cordon.engine.plugin;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.engine.TestEngine;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever ends the opening of a sandbox is told of it as of any other cancellation. */
@Timeout(120)
class PluginOpeningIT {
  @TempDir static Path directory;
  private static Path shop;

  @BeforeAll
  static void compile() {
    shop = TestPlugin.shop(directory);
  }

  private static Sandbox open(TestEngine engine) {
    return engine.acme().open(Plugin.jar(shop));
  }

  @Test
  void anInterruptDuringTheLaunchCancelsIt() throws Exception {
    try (var engine = neverReady()) {
      FutureTask<Sandbox> opening = new FutureTask<>(() -> open(engine));
      Thread thread = Thread.ofPlatform().daemon().start(opening);
      awaitLaunch(engine);

      thread.interrupt();

      assertCancelled(opening);
    }
  }

  @Test
  void anInterruptIsNoFaultOfThePluginsJar() {
    try (var engine = new TestEngine(generous())) {
      open(engine).close(); // and a warm worker is there, or on its way

      Thread.currentThread().interrupt();
      try (Sandbox box = open(engine)) {
        assertThat(box.isolation().strategy()).isEqualTo("process"); // nothing had to be waited for
      } catch (OutcomeException e) {
        assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class);
      }
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closingEverythingCancelsWhatIsBeingLaunched() throws Exception {
    FutureTask<Sandbox> opening;
    try (var engine = neverReady()) {
      opening = new FutureTask<>(() -> open(engine));
      Thread.ofPlatform().daemon().start(opening);
      awaitLaunch(engine);
    }
    assertCancelled(opening);
  }

  /** Whoever opens a sandbox waits for its worker, until that is ended. */
  private static TestEngine neverReady() {
    TestEngine engine = new TestEngine(generous().start(Duration.ofHours(1)));
    engine.strategy().stallWorkersOf("acme");
    return engine;
  }

  private static void awaitLaunch(TestEngine engine) {
    while (engine.strategy().launched().stream().noneMatch(spec -> spec.tenant().equals("acme"))) {
      Thread.onSpinWait();
    }
  }

  private static void assertCancelled(FutureTask<?> opening) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, opening::get);
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            OutcomeException.class,
            e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
  }
}
