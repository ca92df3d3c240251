package io.cordon.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.StrategyUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class after which something of a sandbox is left: a process, a control group, a
 * mount, a descriptor or a file. Registered before whatever opens sandboxes, so that it looks
 * before they are opened and after they are closed.
 */
public final class NothingLeftBehind implements BeforeAllCallback, AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(NothingLeftBehind.class);
  private static final Duration GRACE = Duration.ofSeconds(1);

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    openWhatTheJvmKeeps();
    context.getStore(NAMESPACE).put(Footprint.class, footprint(cache(context)));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Footprint before = context.getStore(NAMESPACE).get(Footprint.class, Footprint.class);
    assertThat(leftAfter(before, cache(context)))
        .as("left behind by %s", context.getDisplayName())
        .isEmpty();
  }

  /** With its first socket, a JVM opens one more for itself, and keeps it. */
  private static void openWhatTheJvmKeeps() throws IOException {
    new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
  }

  /** Looks again until nothing is left, or the grace that is promised is over. */
  private static Set<String> leftAfter(Footprint before, Path cache) {
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (System.nanoTime() < deadline) {
      if (footprint(cache).since(before).isEmpty()) {
        return Set.of();
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    return footprint(cache).since(before); // what was seen before the end says nothing of it
  }

  private static Path cache(ExtensionContext context) {
    return StrategyUnderTest.of(context).cache();
  }

  private static Footprint footprint(Path cache) {
    return Footprint.now(
        List.of(
            Path.of("/tmp"), Path.of(System.getProperty("java.io.tmpdir")), Path.of("/run/cordon")),
        cache);
  }
}
