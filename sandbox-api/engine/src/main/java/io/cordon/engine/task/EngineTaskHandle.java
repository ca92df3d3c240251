package io.cordon.engine.task;

import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.supervision.TripListener;
import io.cordon.engine.verdict.Stop;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The application's end of a task. */
final class EngineTaskHandle<T> implements TaskHandle<T> {
  private final RunningTask task;
  private final Streams streams;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable Outcome<T> outcome;

  EngineTaskHandle(RunningTask task, Streams streams) {
    this.task = task;
    this.streams = streams;
  }

  /** The task has ended; called once. */
  void complete(Outcome<T> how) {
    streams.stdout().end();
    streams.stderr().end();
    outcome = how;
    done.countDown();
    // What the application hangs on the result is its own code, which may take its time.
    Thread.ofVirtual().name("cordon-result").start(() -> completeResult(how));
  }

  private void completeResult(Outcome<T> how) {
    if (how instanceof Outcome.Succeeded<T>(T value, var report)) {
      result.complete(value);
    } else {
      result.completeExceptionally(new OutcomeException(how));
    }
  }

  @Override
  public CompletableFuture<T> result() {
    return result.copy();
  }

  @Override
  public Outcome<T> outcome() {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        cancel();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Outcome<T> how = outcome;
    if (how == null) {
      throw new IllegalStateException("a task is done without an outcome");
    }
    return how;
  }

  @Override
  public void cancel() {
    task.stop(new Stop.Cancelled());
  }

  @Override
  public void pause() {
    task.pause();
  }

  @Override
  public void resume() {
    task.resume();
  }

  @Override
  public Usage usage() {
    return task.usage();
  }

  @Override
  public Isolation isolation() {
    return task.isolation();
  }

  @Override
  public List<Trip> events() {
    return task.trips();
  }

  @Override
  public void onTrip(Consumer<? super Trip> listener) {
    task.tell(new TripListener(listener));
  }

  @Override
  public OutputStream stdin() {
    OutputStream stdin = streams.stdin();
    if (stdin == null) {
      throw new IllegalStateException(
          "the task takes no input from a stream: give the command a Command.Input.Stream");
    }
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return streams.stdout().reader();
  }

  @Override
  public InputStream stderr() {
    return streams.stderr().reader();
  }
}
