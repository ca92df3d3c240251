package io.cordon.engine.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is written to the audit log until it is closed. */
final class AuditLines extends Handler {
  private final Logger log = Logger.getLogger("io.cordon.audit");
  private final List<String> lines = new CopyOnWriteArrayList<>();

  AuditLines() {
    log.addHandler(this);
    log.setUseParentHandlers(false);
    log.setLevel(Level.FINE); // as an application asks for them
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(line.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    log.removeHandler(this);
    log.setUseParentHandlers(true);
    log.setLevel(null);
  }
}
