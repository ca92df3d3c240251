package io.cordon.engine.command;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.stream.GuestOutput;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.stream.Pump;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.verdict.Word;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.FileTooLargeException;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One native program, from its launch until nothing is left of it. */
final class CommandRun {
  /** A cell that was made for one command has used nothing before. */
  private static final CellCounters FRESH =
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

  private final Command command;
  private final RunningTask task;
  private final CellStdin stdin;
  private final GuestOutput stdout;
  private final GuestOutput stderr;

  CommandRun(
      Command command, RunningTask task, CellStdin stdin, GuestOutput stdout, GuestOutput stderr) {
    this.command = command;
    this.task = task;
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  Outcome<Exit> run(IsolationStrategy strategy, CellSpec spec) {
    task.need(strategy.prepare(spec));
    task.launching();
    try (Cell cell = strategy.launch(spec)) {
      task.attach(cell);
      task.launched();
      task.dispatch(FRESH);
      CellExit exit = pump(cell);
      Word<Exit> word =
          exit instanceof CellExit.Exited(int status) ? word(cell, status) : new Word.Silent<>();
      return task.end(cell.counters(), Optional.of(exit), word);
    } finally {
      stdin.disconnect();
    }
  }

  /** Feeds and drains the program until it is dead and everything it wrote is here. */
  private CellExit pump(Cell cell) {
    // A dead program's output needs no slow reader to be waited for.
    CompletableFuture<CellExit> dead =
        cell.exit()
            .whenComplete(
                (exit, failure) -> {
                  stdout.release();
                  stderr.release();
                });
    Thread writer = feed(cell.stdin());
    Thread errors = start("stderr", () -> Pump.drain(cell.stderr(), stderr, task.output()));
    Pump.drain(cell.stdout(), stdout, task.output());
    CellExit exit = dead.join();
    join(errors);
    join(writer);
    return exit;
  }

  private @Nullable Thread feed(OutputStream program) {
    return switch (command.stdin()) {
      case Command.Input.Empty empty -> {
        close(program);
        yield null;
      }
      case Command.Input.Bytes(byte[] bytes) -> start("stdin", () -> write(bytes, program));
      case Command.Input.Stream stream -> {
        stdin.connect(program);
        yield null;
      }
    };
  }

  private static void write(byte[] bytes, OutputStream program) {
    try (program) {
      program.write(bytes);
    } catch (IOException e) {
      // EPIPE: the program has closed its input, or has ended, and wants no more. That is its
      // right.
    }
  }

  private static void close(OutputStream program) {
    try {
      program.close();
    } catch (IOException e) {
      // It was never written to: there is nothing to lose.
    }
  }

  private static Thread start(String stream, Runnable work) {
    return Thread.ofPlatform().daemon().name("cordon-" + stream).start(work);
  }

  private static void join(@Nullable Thread thread) {
    if (thread != null) {
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }

  private Word<Exit> word(Cell cell, int status) {
    if (status != 0) {
      String complaint = GuestText.lastLine(stderr.captured());
      return complaint.isEmpty() ? new Word.Silent<>() : new Word.Threw<>(complaint, "");
    }
    Map<String, byte[]> outputs = new LinkedHashMap<>();
    for (String name : command.outputs()) {
      try {
        byte[] content = cell.readFile(name, task.output().left());
        task.output().admit(content.length);
        outputs.put(name, content);
      } catch (NoSuchFileException e) {
        // The program did not make it: the application sees that it is not there.
      } catch (FileTooLargeException e) {
        // Counted, it ends the task.
        task.output().admit((int) Math.min(e.size(), Integer.MAX_VALUE));
        return new Word.Silent<>();
      } catch (IOException e) {
        return new Word.Threw<>(
            "its output " + name + " can't be brought back: " + e.getMessage(), "");
      }
    }
    return new Word.Returned<>(new Exit(0, stdout.captured(), stderr.captured(), outputs));
  }
}
