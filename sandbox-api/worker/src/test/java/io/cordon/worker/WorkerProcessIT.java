package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process, and what a plugin can do to it: harm itself, and be told apart. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WorkerProcessIT {
  @TempDir Path directory;

  private TestHost.Client bench(WorkerProcess worker, String tell) throws Exception {
    worker.host().ready();
    return worker.host().open(Workbench.class, PluginCallTest.bench(tell));
  }

  @Test
  void aConversationEndsWithItsInputAndLeavesNothing() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench = bench(worker, "return text + text;");
      assertThat(bench.call("tell", "ab")).isEqualTo("abab");
      assertThat(worker.finish()).isZero();
      assertThat(worker.errors()).isEmpty();
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void whatIsPrintedArrivesBeforeTheAnswerAndNamesItsTask() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              System.out.println("line " + text);
              System.err.print("no end of line, " + text);
              return text;
              """);
      assertThat(bench.call("tell", "\u20ac")).isEqualTo("\u20ac");
      assertThat(worker.host().outputs())
          .extracting(
              o -> o.task() + " " + o.error() + " " + new String(o.bytes(), StandardCharsets.UTF_8))
          .containsExactly("1 false line \u20ac\n", "1 true no end of line, \u20ac");
    }
  }

  @Test
  void muchOutputComesInBoundedPiecesAndWhole() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(worker, "System.out.print(\"0123456789\".repeat(100_000)); return text;");
      assertThat(bench.call("tell", "x")).isEqualTo("x");
      assertThat(worker.host().printed()).isEqualTo("0123456789".repeat(100_000));
      assertThat(worker.host().outputs()).allMatch(output -> output.bytes().length <= 8192);
    }
  }

  @Test
  void threadsThatPrintAllAtOnceKeepTheFramesWhole() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              Thread[] threads = new Thread[8];
              for (int i = 0; i < threads.length; i++) {
                threads[i] = new Thread(() -> {
                  for (int n = 0; n < 1000; n++) System.out.println("a line of a thread");
                });
                threads[i].start();
              }
              try {
                for (Thread thread : threads) thread.join();
              } catch (InterruptedException e) {
                throw new Broken("interrupted");
              }
              return text;
              """);
      assertThat(bench.call("tell", "x")).isEqualTo("x");
      assertThat(worker.host().printed().lines())
          .hasSize(8000)
          .allMatch("a line of a thread"::equals);
    }
  }

  @Test
  void standardInputIsEmptyAndStandardOutputIsNotTheChannel() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              try {
                int in = System.in.read();
                System.out.write(new byte[] {0, 0, 0, 1, (byte) 0x84});
                System.out.close();
                System.setErr(null);
                return "read " + in;
              } catch (java.io.IOException e) {
                throw new Broken("io");
              }
              """);
      assertThat(bench.call("tell", "x")).isEqualTo("read -1");
      assertThat(bench.call("greet")).isEqualTo("default of Bench");
    }
  }

  @Test
  void whoWritesToTheChannelItselfIsCaughtByTheHost() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              try (var out = new java.io.FileOutputStream(java.io.FileDescriptor.out)) {
                out.write("free text\\n".getBytes());
                return text;
              } catch (java.io.IOException e) {
                throw new Broken("io");
              }
              """);
      assertThatThrownBy(() -> bench.call("tell", "x")).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void aPluginThatExitsIsTheEndOfItsWorkerAlone() throws Exception {
    String[] ends = {
      "System.exit(7); return text;",
      "Runtime.getRuntime().halt(7); return text;",
      "Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(7)));"
          + " System.exit(0); return text;"
    };
    for (String end : ends) {
      try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
        TestHost.Client bench = bench(worker, end);
        assertThatThrownBy(() -> bench.call("tell", "x"))
            .isInstanceOf(IOException.class)
            .hasMessage("the worker is gone");
        assertThat(worker.exit()).isEqualTo(7);
      }
    }
  }

  @Test
  void aPluginThatClosesTheChannelEndsTheConversation() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              try {
                new java.io.FileOutputStream(java.io.FileDescriptor.out).close();
                new java.io.FileInputStream(java.io.FileDescriptor.in).close();
                return text;
              } catch (java.io.IOException e) {
                throw new Broken("io");
              }
              """);
      assertThatThrownBy(() -> bench.call("tell", "x")).isInstanceOf(IOException.class);
      assertThat(worker.exit()).isEqualTo(2);
    }
  }

  @Test
  void aPluginThatMistreatsTheThreadIsCalledAgainAsIfNothingWere() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              String before = Thread.currentThread().getContextClassLoader().getName();
              boolean interrupted = Thread.currentThread().isInterrupted();
              Thread.currentThread().setContextClassLoader(null);
              Thread.currentThread().interrupt();
              return before + " " + interrupted;
              """);
      assertThat(bench.call("tell", "x")).isEqualTo("plugin false");
      assertThat(bench.call("tell", "x")).isEqualTo("plugin false");
    }
  }

  @Test
  void threadsThatGoOnDoNotKeepTheWorkerAlive() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      TestHost.Client bench =
          bench(
              worker,
              """
              Runtime.getRuntime().addShutdownHook(new Thread(() -> { while (true); }));
              new Thread(() -> { while (true); }).start();
              return text;
              """);
      assertThat(bench.call("tell", "x")).isEqualTo("x");
      assertThat(worker.finish()).isZero();
    }
  }

  @Test
  void aFullHeapEndsTheWorkerEvenIfThePluginCatchesTheError() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory, "-Xmx48m")) {
      TestHost.Client bench =
          bench(
              worker,
              """
              List<byte[]> hoard = new ArrayList<>();
              while (true) {
                try {
                  hoard.add(new byte[1 << 20]);
                } catch (OutOfMemoryError e) {
                  continue;
                }
              }
              """);
      // The JVM's own last words are not on the channel.
      assertThatThrownBy(() -> bench.call("tell", "x"))
          .isInstanceOf(IOException.class)
          .hasMessage("the worker is gone");
      assertThat(worker.exit()).isEqualTo(3);
      assertThat(worker.errors()).contains("OutOfMemoryError");
    }
  }

  @Test
  void aJvmThatComplainsDoesNotDisturbTheChannel() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.aot"), "no cache");
    try (WorkerProcess worker = WorkerProcess.plugin(directory, "-XX:AOTCache=" + broken)) {
      assertThat(bench(worker, "return text;").call("tell", "x")).isEqualTo("x");
    }
  }

  @Test
  void aHostThatMakesNoSenseIsLeft() throws Exception {
    try (WorkerProcess worker = WorkerProcess.plugin(directory)) {
      worker.host().ready();
      worker.rawInput().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      worker.rawInput().flush();
      assertThat(worker.exit()).isEqualTo(2);
      assertThat(worker.errors()).contains("1195725856 bytes");
    }
  }

  @Test
  void scriptsRunInAProcessToo() throws Exception {
    try (WorkerProcess worker = WorkerProcess.scripts(directory)) {
      worker.host().ready();
      assertThat(worker.host().script("[1, 2].map(n => n * 2)")).isEqualTo("[2,4]");
      assertThat(worker.host().script("console.log('x'); throw new Error('y')"))
          .isInstanceOf(ToHost.Threw.class);
      assertThat(worker.host().printed()).isEqualTo("x\n");
      worker.host().send(new ToWorker.OpenService(1, "x"));
      assertThat(worker.host().next()).isInstanceOf(ToHost.ServiceMissing.class);
      assertThat(worker.finish()).isZero();
      assertThat(worker.errors()).isEmpty();
    }
  }
}
