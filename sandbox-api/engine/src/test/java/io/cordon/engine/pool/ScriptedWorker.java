package io.cordon.engine.pool;

import io.cordon.engine.TestPolicy;
import io.cordon.engine.channel.WorkerChannel;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.stream.Conduit;
import io.cordon.engine.supervision.FakeCell;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.worker.wire.Message;
import io.cordon.worker.wire.MessageReader;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.WireLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The far end of a worker's pipes, where a test plays the worker: honest, or hostile. */
public final class ScriptedWorker implements AutoCloseable {
  /** What the worker may write while nothing is asked of it. */
  public static final int UNASKED_MAX = 1000;

  private final FakeCell cell;
  private final Down down = new Down();
  private final MessageReader<ToWorker> heard;
  private final OutputStream toHost;
  private final MessageWriter said;
  private final WorkerChannel channel;

  /** A worker that is starting, for this task. */
  public ScriptedWorker(RunningTask starting) {
    int longest = WireLimits.DEFAULT.maxFrame();
    try {
      Pipe up = Pipe.open();
      toHost = Channels.newOutputStream(up.sink());
      said = new MessageWriter(toHost, longest);
      heard = MessageReader.atWorker(down.pipe.reader(), longest);
      cell = new FakeCell(down, Channels.newInputStream(up.source()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = new WorkerChannel(cell, starting, UNASKED_MAX);
  }

  /** A worker that has started. */
  public static ScriptedWorker ready() {
    ScriptedWorker worker = new ScriptedWorker(task());
    worker.say(new ToHost.Ready(Message.VERSION));
    if (!worker.channel.awaitReady()) {
      throw new AssertionError("the channel does not take it for ready");
    }
    return worker;
  }

  /** A task without a cell. */
  public static RunningTask task() {
    return new RunningTask(
        TestPolicy.generous().of("acme"), isolation(), Optional.empty(), System::nanoTime);
  }

  private static Isolation isolation() {
    return new Isolation("process", "none", List.of(), List.of());
  }

  /** Where it is. */
  public FakeCell cell() {
    return cell;
  }

  /** The host's end. */
  public WorkerChannel channel() {
    return channel;
  }

  /** What the host says next. */
  public @Nullable ToWorker hear() throws IOException {
    return heard.read();
  }

  /** Waits until the host can't write any more, if nothing is heard: the pipe is full. */
  public void awaitFull() throws IOException {
    while (down.pipe.reader().available() < Down.CAPACITY) {
      Thread.onSpinWait();
    }
  }

  /** Says what a worker may say. */
  public void say(ToHost message) {
    try {
      said.write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says anything at all. */
  public void sayBytes(byte... bytes) throws IOException {
    toHost.write(bytes);
  }

  /** Closes its end, and goes on. */
  public void hangUp() throws IOException {
    toHost.close();
  }

  /** Ends. */
  public void die(CellExit how) throws IOException {
    cell.exit(how);
    hangUp();
  }

  /** As the pool knows it. */
  public Worker worker(String tenant, WorkerKind kind) {
    return new Worker(
        "worker-1", TestPolicy.generous().of(tenant), kind, isolation(), cell, channel);
  }

  @Override
  public void close() {
    cell.close();
    channel.join();
    try {
      hangUp();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * As a cell's input is, and a {@link Pipe} is not: an interrupt of the writer doesn't close it.
   * It holds no more than a pipe of Linux does, and takes nothing once the cell is dead.
   */
  private static final class Down extends OutputStream {
    static final int CAPACITY = 64 * 1024;

    private final Conduit pipe = new Conduit();
    private volatile boolean broken;

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int end = offset + length;
      for (int from = offset; from < end; from += CAPACITY) {
        if (broken) {
          throw new IOException("Broken pipe");
        }
        // A conduit waits before what it takes, not in its midst.
        pipe.write(bytes, from, Math.min(CAPACITY, end - from));
      }
    }

    @Override
    public void close() {
      broken = true;
      pipe.release();
      pipe.end();
    }
  }
}
