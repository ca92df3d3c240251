package io.cordon.engine.supervision;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A cell in which nothing runs: it has used what a test says, and says what a test says. */
public final class FakeCell implements Cell {
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger pauses = new AtomicInteger();
  private final OutputStream stdin;
  private final InputStream stdout;
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
  private volatile Consumer<SandboxLimits> resizing = limits -> {};
  private volatile Runnable resting = () -> {};
  private volatile Runnable closing = () -> {};
  private volatile boolean countersFail;
  private volatile boolean closed;
  private volatile byte[] file = new byte[0];
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

  private volatile CellCounters told = counters;
  private volatile boolean tellsWhenAsked;
  private volatile boolean answers = true;
  private final CompletableFuture<Void> asked = new CompletableFuture<>();

  /** A cell that says nothing. */
  public FakeCell() {
    this(OutputStream.nullOutputStream(), InputStream.nullInputStream());
  }

  /** A cell at the other ends of whose streams a test is. */
  public FakeCell(OutputStream stdin, InputStream stdout) {
    this.stdin = stdin;
    this.stdout = stdout;
  }

  /** What it has used from now on. */
  public void counters(CellCounters now) {
    counters = now;
  }

  /** What it has used it tells only when it is asked for it, from now on. */
  public void tellOnlyWhenAsked() {
    tellsWhenAsked = true;
  }

  /** Whether it answers when it is asked, from now on. */
  public void answers(boolean whetherItDoes) {
    answers = whetherItDoes;
  }

  /** Completes when it has been asked once. */
  public CompletableFuture<Void> asked() {
    return asked.copy();
  }

  /** Its counters can't be read any more. */
  public void failCounters() {
    countersFail = true;
  }

  /** What each of its files holds. */
  public void files(byte[] content) {
    file = content;
  }

  /** Happens once, while somebody reads its counters. */
  public void meanwhile(Runnable what) {
    meanwhile.set(what);
  }

  /** Its program ends by itself. */
  public void exit(CellExit how) {
    exit.complete(how);
  }

  /** How often it was told to die. */
  public int kills() {
    return kills.get();
  }

  /** Whether it is closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return stdout;
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
    if (countersFail) {
      throw new UncheckedIOException(new IOException("the control group is gone"));
    }
    CellCounters read = tellsWhenAsked ? told : counters;
    meanwhile.getAndSet(() -> {}).run();
    return read;
  }

  @Override
  public boolean tellsWhenAsked() {
    return tellsWhenAsked;
  }

  @Override
  public Optional<CellCounters> inquire() {
    boolean answered = answers;
    if (answered) {
      told = counters;
    }
    asked.complete(null); // what it tells is known by then
    return answered ? Optional.of(counters()) : Optional.empty();
  }

  @Override
  public void kill() {
    kills.incrementAndGet();
    exit.complete(new CellExit.Killed());
    try {
      stdin.close();
      stdout.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void pause() {
    pauses.incrementAndGet();
  }

  @Override
  public void resume() {
    pauses.decrementAndGet();
  }

  /** What it does when nothing is asked of it any more. */
  public void whenResting(Runnable what) {
    resting = what;
  }

  /** What happens when it is closed. */
  public void whenClosing(Runnable what) {
    closing = what;
  }

  @Override
  public void rest() {
    resting.run();
  }

  /** What it can be held to while it runs: anything, or nothing that this throws for. */
  public void whenResized(Consumer<SandboxLimits> refusal) {
    resizing = refusal;
  }

  @Override
  public void resize(SandboxLimits limits) {
    resizing.accept(limits);
  }

  /** How often it was paused more than it was resumed. */
  public int pauses() {
    return pauses.get();
  }

  @Override
  public byte[] readFile(String name, long maxBytes) {
    return file;
  }

  @Override
  public void close() {
    closed = true;
    kill();
    closing.run();
  }
}
