package io.cordon.vm.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way of a machine's state out of a QEMU, or into one: "migration" in its monitor's words. Safe
 * for several threads.
 */
final class Migration {
  /** The memory stays where it is; and QEMU is to tell when it is through. */
  private static final Map<String, ?> CAPABILITIES =
      Map.of(
          "capabilities",
          List.of(
              Map.of("capability", "x-ignore-shared", "state", true),
              Map.of("capability", "events", "state", true)));

  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Hears of it by QEMU's events. */
  void hear(QmpClient.Event event) {
    if (event.name().equals("MIGRATION")) {
      String status = event.data().path("status").asText();
      switch (status) {
        case "completed" -> end.complete(null);
        case "failed", "cancelled" -> fail("QEMU says that it " + status);
        default -> {} // it is on its way
      }
    }
  }

  /** Says that the state is to be read from a descriptor of QEMU's. */
  void from(QmpClient qmp, int descriptor) throws IOException {
    failWith(qmp.submit("migrate-set-capabilities", CAPABILITIES));
    failWith(qmp.submit("migrate-incoming", Map.of("uri", "fd:" + descriptor)));
    failAtTheEndOf(qmp);
  }

  /** Says that it is to be written to a descriptor that QEMU knows by a name. */
  void to(QmpClient qmp, String name) throws IOException {
    failWith(qmp.submit("migrate-set-capabilities", CAPABILITIES));
    failWith(qmp.submit("migrate", Map.of("uri", "fd:" + name)));
    failAtTheEndOf(qmp);
  }

  private void failWith(CompletableFuture<JsonNode> answer) {
    var _ =
        answer.whenComplete(
            (said, failure) -> {
              if (failure != null) {
                fail("the conversation with QEMU ended");
              } else if (said.has("error")) {
                fail(said.path("error").path("desc").asText());
              }
            });
  }

  /** A QEMU that dies when it has answered both tells of nothing any more. */
  private void failAtTheEndOf(QmpClient qmp) {
    var _ = qmp.ended().thenAccept(reason -> fail("the conversation with QEMU ended"));
  }

  private void fail(String reason) {
    end.completeExceptionally(new IOException(reason));
  }

  /** Waits until it is through. */
  void await(Duration atMost) throws IOException {
    try {
      end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it took longer than " + atMost.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException reason ? reason : new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
