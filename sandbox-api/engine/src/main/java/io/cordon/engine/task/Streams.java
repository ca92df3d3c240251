package io.cordon.engine.task;

import io.cordon.engine.stream.Capture;
import io.cordon.engine.stream.GuestOutput;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a task reads and writes.
 *
 * @param stdin where the application writes, if it may
 * @param stdout where the standard output goes
 * @param stderr where the standard error goes
 */
public record Streams(@Nullable OutputStream stdin, GuestOutput stdout, GuestOutput stderr) {

  /** No input; all output is kept. */
  public static Streams captured() {
    return new Streams(null, new Capture(), new Capture());
  }
}
