package io.cordon.samples.cli;

import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Task;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** One task, joined to the standard streams of the command line. */
record TaskRun(Stdio stdio, Reporter reporter) {

  /** Runs a task to its end; what it writes is passed on meanwhile. */
  <T> Outcome<T> run(Tenant tenant, Task<T> task) throws InterruptedException {
    TaskHandle<T> handle = tenant.submit(task);
    Thread stdout = drain("stdout", handle, handle.stdout(), reporter.stdout());
    Thread stderr = drain("stderr", handle, handle.stderr(), reporter.stderr());
    if (takesInput(task)) {
      feed(handle.stdin());
    }
    Outcome<T> outcome = handle.outcome();
    stdout.join();
    stderr.join();
    return outcome;
  }

  private static boolean takesInput(Task<?> task) {
    return task instanceof io.cordon.sandbox.Command command
        && command.stdin() instanceof io.cordon.sandbox.Command.Input.Stream;
  }

  private static Thread drain(
      String name, TaskHandle<?> handle, InputStream from, OutputStream to) {
    return Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                from.transferTo(to);
                to.flush();
              } catch (IOException e) {
                // Nobody reads any more (cordon run … | head): the task works for nothing.
                handle.cancel();
              }
            });
  }

  private void feed(OutputStream stdin) {
    // A platform thread: a read of standard input holds its carrier for as long as it waits.
    Thread.ofPlatform()
        .daemon()
        .name("stdin")
        .start(
            () -> {
              try (stdin) {
                stdio.in().transferTo(stdin);
              } catch (IOException e) {
                // The program has closed its input, or has ended.
              }
            });
  }
}
