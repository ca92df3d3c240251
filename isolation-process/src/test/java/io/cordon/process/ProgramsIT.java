package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of the host do inside what they do outside, and complain of nothing. */
@ExtendWith(Cells.class)
@Timeout(120)
class ProgramsIT {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test $((6 * 7)) = 42",
        "diff <(echo a) <(echo a)",
        "(true) & wait; coproc cat; kill %1",
        "test $(seq 1 1000 | sort -n | tail -1) = 1000",
        "nproc && date && ls -la / && df . && id && whoami",
        "tar cf a.tar /etc/passwd 2> /dev/null && test $(tar tf a.tar) = etc/passwd",
        "find /etc -maxdepth 1 -name passwd | grep -q etc",
        "test $(getconf PAGESIZE) -gt 0 && hostname && uname -a"
      })
  void bash(String script, IsolationStrategy strategy) {
    assertWorks(strategy, "bash", "-c", script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import json, sqlite3, ssl, hashlib, lzma, decimal, ctypes",
        "import subprocess; assert subprocess.check_output(['echo', 'x']) == b'x\\n'",
        "from multiprocessing import Pool; assert Pool(2).map(abs, [-1]) == [1]",
        "import threading as t; x = t.Thread(); x.start(); x.join()",
        "import tempfile; tempfile.TemporaryDirectory().cleanup()",
        "import asyncio; asyncio.run(asyncio.sleep(0))",
        "import socket; a, b = socket.socketpair(); a.send(b'x'); assert b.recv(1) == b'x'",
        "import mmap; mmap.mmap(-1, 1 << 20).write(b'x')",
        "import os, signal; signal.alarm(1); signal.alarm(0); os.nice(1); os.urandom(1)",
        "import shutil; open('a', 'w').close(); shutil.copy2('a', 'b')"
      })
  void python(String script, IsolationStrategy strategy) {
    assertWorks(strategy, "python3", "-c", script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "console.assert(1 + 1 == 2)",
        "setTimeout(() => {}, 1)",
        "require('fs').writeFileSync('f', 'x')",
        "require('child_process').execFileSync('true')",
        "new (require('worker_threads').Worker)('1', {eval: true})",
        "require('crypto').randomBytes(16); require('os').cpus()"
      })
  void node(String script, IsolationStrategy strategy) {
    assertWorks(strategy, "node", "-e", script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"perl -e1", "awk BEGIN{}", "gzip --version", "openssl version"})
  void others(String line, IsolationStrategy strategy) {
    assertWorks(strategy, line.split(" ", -1));
  }

  private static void assertWorks(IsolationStrategy strategy, String... arguments) {
    assumeThat(Path.of("/usr/bin", arguments[0])).as("the program " + arguments[0]).exists();
    CellRun run = CellRun.of(strategy, command(arguments));
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(0));
  }
}
