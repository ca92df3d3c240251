package io.cordon.engine.plugin;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.engine.TestEngine;
import io.cordon.engine.plain.PlainCell;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
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
    try (var engine = new TestEngine(generous())) {
      FutureTask<Sandbox> opening = new FutureTask<>(() -> open(engine));
      Thread thread = Thread.ofPlatform().daemon().start(opening);
      stopFirstWorker(engine);

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
    try (var engine = new TestEngine(generous())) {
      opening = new FutureTask<>(() -> open(engine));
      Thread.ofPlatform().daemon().start(opening);
      stopFirstWorker(engine);
    }
    assertCancelled(opening);
  }

  private static void stopFirstWorker(TestEngine engine) throws IOException, InterruptedException {
    Iterator<PlainCell> cells = engine.strategy().cells().iterator();
    while (!cells.hasNext()) {
      Thread.onSpinWait();
      cells = engine.strategy().cells().iterator();
    }
    // Long before a JVM is ready; its opening waits for it now.
    new ProcessBuilder("kill", "-STOP", "" + cells.next().pid()).start().waitFor();
  }

  private static void assertCancelled(FutureTask<?> opening) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, opening::get);
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            OutcomeException.class,
            e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
  }
}
