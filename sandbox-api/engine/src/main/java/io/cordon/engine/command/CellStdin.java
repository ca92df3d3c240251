package io.cordon.engine.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The standard input of a program that may not have been started yet: writing waits for it. */
final class CellStdin extends OutputStream {
  private final CompletableFuture<OutputStream> program = new CompletableFuture<>();

  /** The program is there. */
  void connect(OutputStream stdin) {
    program.complete(stdin);
  }

  /** The program has ended, or never was. */
  void disconnect() {
    program.completeExceptionally(new IOException("the program has ended"));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    stdin().write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    stdin().flush();
  }

  /** Says nothing of a program that has ended, before or meanwhile: its end of this is closed. */
  @Override
  public void close() throws IOException {
    OutputStream stdin = awaited();
    if (stdin != null) {
      stdin.close();
    }
  }

  private OutputStream stdin() throws IOException {
    OutputStream stdin = awaited();
    if (stdin == null) {
      throw new IOException("the program has ended");
    }
    return stdin;
  }

  /** Null for that of a program that has ended, or never was. */
  private @Nullable OutputStream awaited() throws IOException {
    try {
      return program.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the program is being started");
    } catch (ExecutionException e) {
      return null;
    }
  }
}
