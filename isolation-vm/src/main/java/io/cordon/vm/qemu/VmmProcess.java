package io.cordon.vm.qemu;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A machine's process, and the end of what it and the guest's console said. */
final class VmmProcess {
  private static final long DYING_SECONDS = 10;

  private final Process process;
  private final Tail console = new Tail();
  private final Tail messages = new Tail();
  private final List<Thread> drains;
  private volatile boolean killed;

  VmmProcess(Process process) throws IOException {
    this.process = process;
    process.getOutputStream().close();
    this.drains =
        List.of(
            Thread.ofVirtual().start(() -> console.drain(process.getInputStream())),
            Thread.ofVirtual().start(() -> messages.drain(process.getErrorStream())));
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  long pid() {
    return process.pid();
  }

  /** What the guest's kernel, and before its end nobody else, printed: the guest's words. */
  String console() {
    return console.text();
  }

  /** What the machine's process itself printed. */
  String messages() {
    return messages.text();
  }

  boolean wasKilled() {
    return killed;
  }

  /** Waits until it has ended and all that it said has been read; its exit status. */
  int await() throws InterruptedException {
    int status = process.waitFor();
    for (Thread drain : drains) {
      drain.join();
    }
    return status;
  }

  boolean await(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** SIGKILL. Does nothing to one that has ended. */
  void kill() {
    if (process.isAlive()) {
      killed = true;
      process.destroyForcibly();
    }
  }

  /** Kills it, and waits until it is gone. */
  void end() {
    kill();
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DYING_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
