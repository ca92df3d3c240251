package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host JVM that is killed takes its cells with it. */
@Timeout(180)
class HostDeathIT {

  @Test
  void killedHostTakesEveryProcessOfItsCells(@TempDir Path cache) throws Exception {
    Process host =
        new ProcessBuilder(FreshJvm.command(Host.class, cache.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = new BufferedReader(new InputStreamReader(host.getInputStream(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("ready");
      // The cell's init, and below it the shell, a daemon that has left its group, and its sleep.
      List<ProcessHandle> processes = host.descendants().toList();
      assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
      host.destroyForcibly().waitFor();
      for (ProcessHandle process : processes) {
        process.onExit().get(60, TimeUnit.SECONDS);
        assertThat(process.isAlive()).isFalse();
      }
    } finally {
      host.destroyForcibly();
    }
  }

  @Test
  void hostThatExitsTakesThemToo(@TempDir Path cache) throws Exception {
    Process host =
        new ProcessBuilder(FreshJvm.command(Host.class, cache.toString(), "exit"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = new BufferedReader(new InputStreamReader(host.getInputStream(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("ready");
      List<ProcessHandle> processes = host.descendants().toList();
      host.getOutputStream().close(); // it has waited for this
      assertThat(host.waitFor(60, TimeUnit.SECONDS)).isTrue();
      for (ProcessHandle process : processes) {
        process.onExit().get(60, TimeUnit.SECONDS);
      }
    } finally {
      host.destroyForcibly();
    }
  }

  /** The host that is to die. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws IOException {
      IsolationStrategy strategy = Cells.open(Path.of(arguments[0]));
      String script =
          "setsid sh -c 'trap \"\" HUP TERM INT; echo ready; sleep 1000; sleep 1000' & sleep 1000";
      Cell cell = strategy.launch(CellRun.shell(script));
      var out = new BufferedReader(new InputStreamReader(cell.stdout(), UTF_8));
      System.out.println(Optional.ofNullable(out.readLine()).orElse("no line"));
      if (System.in.read() < 0 && arguments.length > 1) {
        Runtime.getRuntime().halt(0); // not a word to anybody
      }
      cell.exit().join();
    }
  }
}
