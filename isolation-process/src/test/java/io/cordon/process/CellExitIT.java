package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static io.cordon.process.CellRun.named;
import static io.cordon.process.CellRun.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Cells.class)
@Timeout(120)
class CellExitIT {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 125, 126, 127, 128 + 9, 255})
  void statusIsTheProgramsOwn(int status, IsolationStrategy strategy) {
    assertThat(CellRun.of(strategy, shell("exit " + status)).exit())
        .isEqualTo(new CellExit.Exited(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 9, 11, 15})
  void signalIsNotAStatus(int signal, IsolationStrategy strategy) {
    assertThat(CellRun.of(strategy, shell("kill -" + signal + " $$")).exit())
        .isEqualTo(new CellExit.Signaled(signal));
  }

  @Test
  void killedFromOutside(IsolationStrategy strategy) throws Exception {
    try (Cell cell = strategy.launch(command("sleep", "1000"))) {
      assertThat(cell.exit()).isNotDone();
      cell.kill();
      assertThat(exit(cell)).isEqualTo(new CellExit.Killed());
    }
  }

  @Test
  void killReachesWhatIgnoresOrIsStopped(IsolationStrategy strategy) throws Exception {
    String script = "trap '' HUP INT QUIT TERM; echo ready; kill -STOP $$; sleep 1000";
    try (Cell cell = strategy.launch(shell(script))) {
      assertThat(firstLine(cell)).isEqualTo("ready");
      cell.kill();
      assertThat(exit(cell)).isEqualTo(new CellExit.Killed());
    }
  }

  @Test
  void closingKills(IsolationStrategy strategy) {
    Cell cell = strategy.launch(command("sleep", "1000"));
    cell.close();
    assertThat(cell.exit().join()).isEqualTo(new CellExit.Killed());
    cell.close();
    cell.kill();
  }

  @Test
  void closingTheStrategyKillsEveryCell(IsolationStrategy strategy) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      cells.add(strategy.launch(named("cell-" + i, command("sleep", "1000"))));
    }
    strategy.close();
    assertThat(cells).allSatisfy(cell -> assertThat(cell.exit()).isDone());
  }

  @Test
  void daemonDiesWithTheProgram(IsolationStrategy strategy) {
    // Streams end only when nobody holds them: the daemon does, and it would for ever.
    CellRun run = CellRun.of(strategy, shell("setsid sh -c 'sleep 1000' & exit 5"));
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(5));
  }

  @Test
  void nothingHappensAfterTheProgramsEnd(IsolationStrategy strategy) throws Exception {
    String script = "mkfifo f; (read x < f; echo done > late) & echo go; exit 0";
    try (Cell cell = strategy.launch(shell(script))) {
      assertThat(exit(cell)).isEqualTo(new CellExit.Exited(0));
      Assertions.assertThatThrownBy(() -> cell.readFile("late", 10))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void orphansAreReaped(IsolationStrategy strategy) {
    // Each subshell's child outlives it, becomes init's, and dies. The shell counts by itself:
    // whom it started to count would be counted.
    String script =
        "set -- /proc/[0-9]*; before=$#; "
            + "for i in 1 2 3 4 5 6 7 8 9 10; do (true & ) ; done; "
            + "while set -- /proc/[0-9]*; [ $# -gt $before ]; do :; done; echo reaped";
    assertThat(CellRun.of(strategy, shell(script)).out()).isEqualTo("reaped\n");
  }

  @Test
  void crashLeavesNoCore(IsolationStrategy strategy) throws Exception {
    try (Cell cell = strategy.launch(shell("ulimit -c unlimited; kill -SEGV $$"))) {
      assertThat(exit(cell)).isEqualTo(new CellExit.Signaled(11));
      Assertions.assertThatThrownBy(() -> cell.readFile("core", 10))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void streamsPassThrough(IsolationStrategy strategy) throws Exception {
    try (Cell cell = strategy.launch(shell("cat; echo problem >&2"))) {
      byte[] much = new byte[1 << 20];
      var writing =
          CompletableFuture.runAsync(
              () -> {
                try (var stdin = cell.stdin()) {
                  stdin.write(much);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(cell.stdout().readAllBytes()).hasSize(much.length);
      assertThat(cell.stderr().readAllBytes())
          .isEqualTo("problem\n".getBytes(StandardCharsets.UTF_8));
      writing.join();
      assertThat(exit(cell)).isEqualTo(new CellExit.Exited(0));
    }
  }

  @Test
  void oneEndWhoeverKillsAndCloses(IsolationStrategy strategy) throws Exception {
    for (int round = 0; round < 10; round++) {
      Cell cell = strategy.launch(command("sleep", "1000"));
      CountDownLatch go = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Runnable act = i % 2 == 0 ? cell::kill : cell::close;
        threads.add(
            Thread.startVirtualThread(
                () -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  act.run();
                }));
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(exit(cell)).isEqualTo(new CellExit.Killed());
    }
  }

  private static CellExit exit(Cell cell) throws ExecutionException, InterruptedException {
    try {
      return cell.exit().get(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the cell did not end", e);
    }
  }

  private static String firstLine(Cell cell) throws IOException {
    var reader = new InputStreamReader(cell.stdout(), StandardCharsets.UTF_8);
    return String.valueOf(new BufferedReader(reader).readLine());
  }
}
