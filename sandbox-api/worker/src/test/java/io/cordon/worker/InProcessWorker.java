package io.cordon.worker;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;

/** A worker on a thread of this JVM, and a host that talks to it. */
final class InProcessWorker implements AutoCloseable {
  private final Pipe toWorker = Pipe.open();
  private final Pipe toHost = Pipe.open();
  private final Thread thread;
  private final TestHost host;

  private interface Start {
    Guest guest(Worker worker);
  }

  private InProcessWorker(Start start) throws IOException {
    Worker worker =
        new Worker(
            Channels.newInputStream(toWorker.source()), Channels.newOutputStream(toHost.sink()));
    thread =
        new Thread(
            null,
            () -> {
              try (Guest guest = start.guest(worker)) {
                worker.serve(guest);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            },
            "worker",
            16L << 20);
    thread.start();
    host =
        new TestHost(
            Channels.newInputStream(toHost.source()), Channels.newOutputStream(toWorker.sink()));
    host.ready();
  }

  static InProcessWorker plugin(File temporary) throws IOException {
    return new InProcessWorker(worker -> worker.plugin(temporary));
  }

  static InProcessWorker scripts() throws IOException {
    return new InProcessWorker(worker -> worker.scripts("js"));
  }

  TestHost host() {
    return host;
  }

  @Override
  public void close() throws IOException {
    toWorker.sink().close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
    toHost.source().close();
  }
}
