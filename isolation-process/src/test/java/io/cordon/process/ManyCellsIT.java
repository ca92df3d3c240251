package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static io.cordon.process.CellRun.named;
import static io.cordon.process.CellRun.withInput;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many launches, one after the other and all at once, end where they began: {@link Cells} looks.
 */
@ExtendWith(Cells.class)
@Timeout(300)
class ManyCellsIT {

  @Test
  void oneAfterTheOther(IsolationStrategy strategy) {
    for (int i = 0; i < 100; i++) {
      byte[] content = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
      CellRun run = CellRun.of(strategy, withInput(command("cat", "in"), "in", content));
      assertThat(run.out()).isEqualTo(String.valueOf(i));
    }
  }

  @Test
  void allAtOnceFromVirtualThreads(IsolationStrategy strategy) throws Exception {
    List<Callable<CellRun>> launches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "cell-" + i;
      launches.add(() -> CellRun.of(strategy, named(name, command("uname", "-n"))));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CellRun>> runs = threads.invokeAll(launches);
      for (int i = 0; i < runs.size(); i++) {
        assertThat(runs.get(i).get().out()).isEqualTo("cell-" + i + "\n");
        assertThat(runs.get(i).get().exit()).isEqualTo(new CellExit.Exited(0));
      }
    }
  }

  @Test
  void sideBySideTheySeeNothingOfEachOther(IsolationStrategy strategy) throws Exception {
    try (Cell first = strategy.launch(named("first", CellRun.shell("echo x > /tmp/x; cat")));
        Cell second = strategy.launch(named("second", CellRun.shell("ls /tmp /proc; cat")))) {
      second.stdin().close();
      String seen = new String(second.stdout().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(seen.lines()).containsOnlyOnce("2").doesNotContain("x", "1");
      first.stdin().close();
      assertThat(first.exit().join()).isEqualTo(new CellExit.Exited(0));
    }
  }

  @Test
  void closedWhileTheyAreLaunched(IsolationStrategy strategy) throws Exception {
    List<Callable<Void>> launches = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = "cell-" + i;
      launches.add(
          () -> {
            try (Cell cell = strategy.launch(named(name, command("sleep", "1000")))) {
              cell.exit().join();
            } catch (SandboxException e) {
              assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
            }
            return null;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> futures;
      try {
        futures = launches.stream().map(threads::submit).toList();
        strategy.launch(named("first", command("true"))).close();
      } finally {
        strategy.close(); // else the threads would wait for ever
      }
      for (Future<Void> future : futures) {
        future.get();
      }
    }
  }
}
