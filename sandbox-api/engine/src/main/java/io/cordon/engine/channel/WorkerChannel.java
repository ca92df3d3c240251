package io.cordon.engine.channel;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.stream.Discard;
import io.cordon.engine.stream.GuestOutput;
import io.cordon.engine.stream.OutputMeter;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.Cell;
import io.cordon.worker.wire.Message;
import io.cordon.worker.wire.MessageReader;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.WireLimits;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wire to one worker. The caller's thread writes the question and waits; one daemon thread
 * reads all that the worker says. One question at a time: the owner sees to that.
 *
 * <p>A worker that breaks the protocol is killed, and harms nothing but what runs in it.
 */
public final class WorkerChannel {
  private final Cell cell;
  private final MessageWriter writer;
  private final ErrorTail errors = new ErrorTail();
  private final OutputMeter unasked;
  private final Exchange greeting;
  private final Thread reader;
  private final Thread errorReader;
  private volatile @Nullable Exchange current;
  private volatile @Nullable Stop doom;
  private volatile boolean gone;

  /**
   * Opens the wire.
   *
   * @param starting the task that waits for the worker to start, on this thread
   * @param unaskedMax how many bytes the worker may write while nothing is asked of it
   */
  public WorkerChannel(Cell cell, RunningTask starting, long unaskedMax) {
    this.cell = cell;
    this.unasked = new OutputMeter(unaskedMax, written -> doom(tooMuch(written, unaskedMax)));
    this.writer = new MessageWriter(cell.stdin(), WireLimits.DEFAULT.maxFrame());
    this.greeting = new Exchange(null, starting, new Discard(), new Discard());
    this.current = greeting;
    this.reader = Thread.ofPlatform().daemon().name("cordon-reader").start(this::read);
    this.errorReader =
        Thread.ofPlatform()
            .daemon()
            .name("cordon-stderr")
            .start(() -> errors.drain(cell.stderr(), n -> meter(current).admit(n)));
  }

  private static Stop tooMuch(long written, long allowed) {
    return new Stop.LimitHit(
        new Trip(Limit.OUTPUT, Limit.Effect.KILL, written, allowed, Evidence.HOST));
  }

  /** Waits until the worker says that it is there. Returns false if it never will. */
  public boolean awaitReady() {
    return switch (await(greeting)) {
      case ToHost.Ready(int version) when version == Message.VERSION -> true;
      case ToHost.Ready(int version) -> {
        doom(new Stop.Broken("the worker speaks version " + version + " of the protocol"));
        yield false;
      }
      case null, default -> false;
    };
  }

  /**
   * Tells the worker something that it gives no answer to. Returns false if it is gone.
   *
   * @throws ProtocolException if the message is too long to be sent; nothing was sent then
   */
  public boolean tell(ToWorker message) throws ProtocolException {
    try {
      writer.write(message);
      return true;
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      return false; // EPIPE: nobody is there to read it
    }
  }

  /**
   * Asks, and waits for the answer. An interrupt cancels the task; the interrupt status is kept.
   *
   * @return null if no answer will come: the cell is dead, or is being killed
   * @throws ProtocolException if the question is too long to be sent; nothing was sent then
   */
  public @Nullable ToHost ask(
      ToWorker question, RunningTask task, GuestOutput stdout, GuestOutput stderr)
      throws ProtocolException {
    Exchange exchange = new Exchange(question, task, stdout, stderr);
    current = exchange;
    try {
      Stop reason = doom;
      if (reason != null) { // it is being killed, and what it may still answer is not to be trusted
        task.stop(reason);
        return null;
      }
      return tell(question) ? await(exchange) : null;
    } finally {
      current = null;
    }
  }

  private @Nullable ToHost await(Exchange exchange) {
    if (gone) {
      exchange.end(); // the reader may have ended before it could see the exchange
    }
    return exchange.await(() -> exchange.task().stop(new Stop.Cancelled()));
  }

  private void read() {
    try {
      MessageReader<ToHost> messages =
          MessageReader.atHost(cell.stdout(), WireLimits.DEFAULT.maxFrame());
      for (ToHost message = messages.read(); message != null; message = messages.read()) {
        take(message);
      }
    } catch (ProtocolException e) {
      doom(new Stop.Broken("the worker broke the protocol: " + e.getMessage()));
    } catch (IOException e) {
      // Closed with the cell, or it died in the middle of a word: how is for its exit to say.
    } finally {
      gone = true;
      Exchange waiting = current;
      if (waiting != null) {
        waiting.end();
      }
    }
  }

  private void take(ToHost message) throws ProtocolException {
    Exchange waiting = current;
    if (message instanceof ToHost.Output output) {
      // An empty frame costs the host its reading, too.
      int admitted = meter(waiting).admit(Math.max(1, output.bytes().length));
      if (waiting != null) {
        waiting.printed(output, Math.min(admitted, output.bytes().length));
      }
      return;
    }
    if (message instanceof ToHost.ThreadDump dump) {
      // One comes with the task; what comes late, or again, is as good as printed.
      if (waiting == null || !waiting.took(dump)) {
        meter(waiting).admit(Math.max(1, dump.text().length()));
      }
      return;
    }
    if (waiting == null || !waiting.isAnswered(message)) {
      throw new ProtocolException("an answer to what was not asked: " + name(message));
    }
    if (message instanceof ToHost.Returned returned) {
      meter(waiting).admit(returned.value().length);
    }
    // Not after the answer: the waiter may put its next question at once.
    current = null;
    waiting.answer(message);
  }

  private static String name(ToHost message) {
    return message.getClass().getSimpleName();
  }

  private OutputMeter meter(@Nullable Exchange waiting) {
    return waiting == null ? unasked : waiting.task().output();
  }

  /** It is killed for this reason, whatever it is at. The first reason stays. */
  public void doom(Stop reason) {
    synchronized (this) {
      if (doom == null) {
        doom = reason;
      }
    }
    Exchange waiting = current;
    if (waiting != null) {
      waiting.task().stop(reason);
    }
    cell.kill();
  }

  /** Whether the worker can be asked anything. */
  public boolean open() {
    return !gone && doom == null;
  }

  /** Why it was killed, if that was for something it said or wrote by itself. */
  public Optional<Stop> doom() {
    return Optional.ofNullable(doom);
  }

  /** The last that its JVM wrote to its standard error; complete once the cell is dead. */
  public String lastErrors() {
    if (cell.exit().isDone()) {
      Uninterruptibles.joinUninterruptibly(errorReader);
    }
    return errors.text();
  }

  /** Waits for the threads that read; the cell is closed. */
  public void join() {
    Uninterruptibles.joinUninterruptibly(reader);
    Uninterruptibles.joinUninterruptibly(errorReader);
  }
}
