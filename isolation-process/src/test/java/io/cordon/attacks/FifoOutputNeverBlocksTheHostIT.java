package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 5: a FIFO, device, socket or directory is left as a result. */
@AttackTest
@TenantPolicy
class FifoOutputNeverBlocksTheHostIT {

  private static final AttackProgram ATTACK = new AttackProgram("fifo_output.py");

  @ParameterizedTest
  @ValueSource(strings = {"fifo.txt", "socket.txt", "directory.txt"})
  @Timeout(60)
  void theHostRefusesByTypeAndGoesOn(String name, Tenant acme) {
    Ran ran = Ran.of(acme, ATTACK.command().output(name));

    Outcome.Failed<Exit> failed = OutcomeAssert.assertThat(ran.outcome()).failed();
    assertThat(failed.message()).contains(name);
  }

  @Test
  void aDeviceIsNeverMade(Tenant acme) {
    Ran ran = Ran.of(acme, ATTACK.command().output("device.txt"));

    assertThat(OutcomeAssert.assertThat(ran.outcome()).succeeded().outputs()).isEmpty();
    assertThat(ran.stdout()).contains("DENIED device.txt");
  }

  @Test
  void theControlBlocksACollectorThatSimplyReads(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory).status()).isZero();
    Path fifo = directory.resolve("fifo.txt");
    assertThat(Files.readAttributes(fifo, BasicFileAttributes.class))
        .matches(a -> a.isOther(), "is no regular file");

    // The reader gets on only when the attacker lets it: with what he writes at his leisure.
    CompletableFuture<String> read = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                read.complete(Files.readString(fifo));
              } catch (java.io.IOException e) {
                read.completeExceptionally(e);
              }
            });
    Files.writeString(fifo, "now you may");
    assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("now you may");
  }
}
