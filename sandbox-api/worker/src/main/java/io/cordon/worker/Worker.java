package io.cordon.worker;

import io.cordon.worker.wire.Message;
import io.cordon.worker.wire.MessageReader;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.WireLimits;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The worker's side of a conversation. The thread that reads a message also does what it says and
 * writes the answer: nothing is faster than no other thread.
 */
final class Worker {
  private final MessageReader<ToWorker> reader;
  private final MessageWriter writer;
  private final ValueCodecs codecs = new ValueCodecs(WireLimits.DEFAULT);
  private final RunningTask running = new RunningTask(System::nanoTime);
  private final GuestOutput out;
  private final GuestOutput err;

  Worker(InputStream in, OutputStream out) {
    int maxFrame = WireLimits.DEFAULT.maxFrame();
    this.reader = MessageReader.atWorker(in, maxFrame);
    this.writer = new MessageWriter(out, maxFrame);
    this.out = new GuestOutput(writer, running, false);
    this.err = new GuestOutput(writer, running, true);
  }

  /** Where what the guest prints goes. */
  OutputStream out() {
    return out;
  }

  /** Where what the guest prints as an error goes. */
  OutputStream err() {
    return err;
  }

  /** A plugin, whose jars are put below a directory. */
  Guest plugin(File temporary) {
    return new PluginHost(writer, running, out, err, codecs, new PluginJars(temporary));
  }

  /** Scripts of a language. */
  Guest scripts(String language) {
    return new ScriptHost(language, writer, running, out, err, WireLimits.DEFAULT);
  }

  /** Says that the worker is ready, and serves until the host closes the stream. */
  void serve(Guest guest) throws IOException {
    running.watch(writer);
    writer.write(new ToHost.Ready(Message.VERSION));
    for (ToWorker message = reader.read(); message != null; message = reader.read()) {
      guest.accept(message);
    }
  }
}
