package io.cordon.engine.supervision;

import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A cell in which nothing runs, and that has used what a test says. */
final class FakeCell implements Cell {
  private final AtomicInteger kills = new AtomicInteger();
  private final CompletableFuture<CellExit> exit = new CompletableFuture<>();
  private volatile CellCounters counters =
      new CellCounters(
          0,
          0,
          OptionalLong.empty(),
          OptionalLong.empty(),
          0,
          Evidence.KERNEL,
          0,
          0,
          Evidence.KERNEL,
          0,
          0);

  void counters(CellCounters now) {
    counters = now;
  }

  int kills() {
    return kills.get();
  }

  @Override
  public OutputStream stdin() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public InputStream stdout() {
    return InputStream.nullInputStream();
  }

  @Override
  public InputStream stderr() {
    return InputStream.nullInputStream();
  }

  @Override
  public String tier() {
    return "none";
  }

  @Override
  public List<Layer> layers() {
    return List.of();
  }

  @Override
  public CompletableFuture<CellExit> exit() {
    return exit;
  }

  @Override
  public CellCounters counters() {
    return counters;
  }

  @Override
  public void kill() {
    kills.incrementAndGet();
    exit.complete(new CellExit.Killed());
  }

  @Override
  public byte[] readFile(String name, long maxBytes) {
    return new byte[0];
  }

  @Override
  public void close() {
    kill();
  }
}
