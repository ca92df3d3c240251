package io.cordon.engine.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A recording of Cordon's events, however short they are. */
final class Flight implements AutoCloseable {
  private final Recording recording = new Recording();

  Flight() {
    recording.enable("io.cordon.Task").withThreshold(Duration.ZERO);
    recording.enable("io.cordon.Refusal");
    recording.enable("io.cordon.Kill");
    recording.enable("io.cordon.Policy");
    recording.start();
  }

  /** Ends it. */
  List<RecordedEvent> land() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("cordon-flight-", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith("io.cordon."))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    recording.close();
  }
}
