package io.cordon.harness;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A command that ran to its end.
 *
 * @param outcome how it ended
 * @param stdout what it wrote, also where it failed
 * @param stderr likewise
 */
public record Ran(Outcome<Exit> outcome, String stdout, String stderr) {

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  /** Runs a command and reads along, as an application does. */
  public static Ran of(Tenant tenant, Command command) {
    return of(tenant.submit(command));
  }

  /** Reads along with a command until its end. */
  public static Ran of(TaskHandle<Exit> task) {
    CompletableFuture<String> stdout =
        CompletableFuture.supplyAsync(() -> text(task.stdout()), VIRTUAL);
    CompletableFuture<String> stderr =
        CompletableFuture.supplyAsync(() -> text(task.stderr()), VIRTUAL);
    Outcome<Exit> outcome = task.outcome();
    return new Ran(outcome, stdout.join(), stderr.join());
  }

  /** Who counts memory and processes under this isolation: the kernel, wherever it can. */
  public static Evidence counting(Isolation isolation) {
    return isolation.tier().startsWith("cgroup") ? Evidence.KERNEL : Evidence.HOST;
  }

  /** Who counted memory and processes here. */
  public Evidence counting() {
    return counting(outcome.report().isolation());
  }

  /** Who counted memory and processes here, on any strategy. */
  public Evidence counting(StrategyUnderTest strategy) {
    return strategy.counting(outcome.report().isolation());
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
