package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attack 84, for a sandbox: a thousand virtual threads call it, stop it, size it and close it. The
 * class's leak check says that nothing of it is left.
 */
interface RacesForOneSandbox {

  int THREADS = 1_000;

  /** What one of them does. */
  @FunctionalInterface
  interface Deed {
    void with(Sandbox box, Guest guest);
  }

  List<Deed> DEEDS =
      List.of(
          (box, guest) -> assertThat(guest.act("there")).isEqualTo("there"),
          (box, guest) -> assertThat(box.service(Guest.class).act("too")).isEqualTo("too"),
          (box, guest) -> box.pause(),
          (box, guest) -> box.resume(),
          (box, guest) -> box.resize(quota -> quota.memory("144Mi")),
          (box, guest) -> assertThat(box.usage()).isNotNull(),
          (box, guest) -> assertThat(box.quota()).isNotNull());

  @Test
  default void itEndsOnceAndEachCallIsAnsweredOrRefused(Tenant acme, @TempDir Path directory)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("races for one sandbox: seed " + seed);
    Random random = new Random(seed);
    Sandbox box = acme.open(PeacefulPlugin.packed(directory));
    Guest guest = box.service(Guest.class);
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Deed deed = DEEDS.get(random.nextInt(DEEDS.size()));
        done.add(
            threads.submit(
                () -> {
                  start.await();
                  try {
                    deed.with(box, guest);
                  } catch (SandboxException e) {
                    assertRefusedForItsEnd(e);
                  }
                  return null;
                }));
        if (thread % 100 == 99) {
          done.add(threads.submit(box::close));
        }
      }
      start.countDown();
      for (Future<?> one : done) {
        one.get();
      }
    }

    SandboxException later = catchThrowableOfType(SandboxException.class, () -> guest.act("later"));
    assertRefusedForItsEnd(later);
    assertThatExceptionOfType(SandboxException.class)
        .as("the same for everybody from now on")
        .isThrownBy(() -> guest.act("again"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(later.code()));
    box.close();
    assertThat(PeacefulPlugin.act(acme, directory, "well")).isEqualTo("well");
  }

  private static void assertRefusedForItsEnd(SandboxException e) {
    if (e instanceof OutcomeException ended) {
      assertThat(ended.outcome()).isInstanceOf(Outcome.Cancelled.class);
    } else {
      assertThat(e.code()).isIn(ErrorCode.CLOSED, ErrorCode.NOT_LIVE);
    }
  }
}
