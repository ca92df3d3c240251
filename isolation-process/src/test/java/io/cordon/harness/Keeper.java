package io.cordon.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.time.Duration;

/**
 * A command that has some memory, and keeps it until it is let go.
 *
 * @param task its handle
 * @param mebibytes how much it keeps
 */
public record Keeper(TaskHandle<Exit> task, int mebibytes) {

  private static final Duration AMPLE = Duration.ofSeconds(60);

  /** How much it writes to its standard output: that it has it. */
  public static final long OUTPUT_BYTES = "up\n".length();

  // Its block is full before it writes the first byte, and stays until somebody reads the rest, or
  // nobody has the pipe any more: cat has it as its fourth descriptor.
  private static final String KEEPS =
      "exec 3<&0; dd if=/dev/zero bs=$0M count=1 2>/dev/null"
          + " | { exec 4<&0; head -c 1 >/dev/null; echo up; cat <&3 >/dev/null; }";

  /** Starts one; when this returns it has its memory. */
  public static Keeper of(Tenant tenant, Tools tools, int mebibytes) throws IOException {
    TaskHandle<Exit> task =
        tenant.submit(
            tools
                .sh(KEEPS, "" + mebibytes)
                .stdin(new Command.Input.Stream())
                .stdout(Command.Output.STREAM));
    assertThat(nextLine(task)).isEqualTo("up");
    return new Keeper(task, mebibytes);
  }

  /** The next line that a task says; what there is of it, if the task ends before. */
  public static String nextLine(TaskHandle<?> task) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = task.stdout().read(); c >= 0 && c != '\n'; c = task.stdout().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** Waits until that was seen: where memory is only watched, nobody looks all the time. */
  public Keeper awaitSeen() {
    Eventually.within(
        AMPLE,
        () -> task.usage().memoryPeak().orElse(0) > (long) mebibytes << 20,
        "what it keeps is seen");
    return this;
  }

  /** Lets it end, which it does well. */
  public Exit letGo() throws IOException {
    task.stdin().close();
    return OutcomeAssert.assertThat(task.outcome()).succeeded();
  }
}
