package io.cordon.process;

import static io.cordon.process.CellRun.command;
import static io.cordon.process.CellRun.shell;
import static io.cordon.process.CellRun.withInput;
import static io.cordon.process.CellRun.withLimits;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Cells.class)
@Timeout(120)
class WorkingDirectoryIT {
  private static final SandboxLimits.Disk LARGE = new SandboxLimits.Disk(64 << 20, 100);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 1 << 20, 20 << 20})
  void inputsComeThroughAndResultsGoBack(int size, IsolationStrategy strategy) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    CellSpec spec = withInput(shell("cp in.bin out.bin"), "in.bin", content);
    try (Cell cell = strategy.launch(withLimits(spec, limits(LARGE)))) {
      assertThat(CellRun.of(cell).err()).isEmpty();
      assertThat(cell.readFile("out.bin", size)).isEqualTo(content);
    }
  }

  @Test
  void inputsAreTheWorkloadsOwn(IsolationStrategy strategy) throws IOException {
    CellSpec spec =
        withInput(
            withInput(shell("stat -c '%u %a' a; echo x >> a; rm b"), "a", "1".getBytes(UTF_8)),
            "b",
            new byte[1]);
    try (Cell cell = strategy.launch(spec)) {
      CellRun run = CellRun.of(cell);
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("1000 644\n");
      assertThat(cell.readFile("a", 100)).isEqualTo("1x\n".getBytes(UTF_8));
    }
  }

  @Test
  void oddNamesAreFine(IsolationStrategy strategy) throws IOException {
    String name = "-rf \u00fc\n*";
    CellSpec spec = withInput(command("true"), name, "x".getBytes(UTF_8));
    try (Cell cell = strategy.launch(spec)) {
      assertThat(cell.readFile(name, 1)).isEqualTo("x".getBytes(UTF_8));
    }
  }

  @Test
  void inputsBeyondTheDiskAreRefused(IsolationStrategy strategy) {
    CellSpec spec = withInput(command("true"), "in", new byte[2 << 20]);
    SandboxLimits limits = limits(new SandboxLimits.Disk(1 << 20, 100));
    assertThatThrownBy(() -> strategy.launch(withLimits(spec, limits)))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL))
        .hasMessageContaining("disk.max");
  }

  @Test
  void inputsBeyondTheInodesAreRefused(IsolationStrategy strategy) {
    CellSpec spec = withInput(withInput(command("true"), "a", new byte[1]), "b", new byte[1]);
    SandboxLimits limits = limits(new SandboxLimits.Disk(1 << 20, 1));
    assertThatThrownBy(() -> strategy.launch(withLimits(spec, limits)))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL))
        .hasMessageContaining("disk.max");
  }

  @Test
  void diskIsLimitedInBytes(IsolationStrategy strategy) {
    CellRun run = CellRun.of(strategy, shell("head -c 20M /dev/zero > big"));
    assertThat(run.err()).contains("No space left on device");
    assertThat(run.counters().diskBytes()).isEqualTo(CellRun.LIMITS.disk().bytes());
  }

  @Test
  void workAndTmpShareTheDisk(IsolationStrategy strategy) {
    CellRun run =
        CellRun.of(strategy, shell("head -c 10M /dev/zero > a; head -c 10M /dev/zero > /tmp/b"));
    assertThat(run.err()).contains("No space left on device");
  }

  @Test
  void sharedMemoryIsOnTheDiskToo(IsolationStrategy strategy) {
    CellRun run = CellRun.of(strategy, shell("head -c 20M /dev/zero > /dev/shm/a"));
    assertThat(run.err()).contains("No space left on device");
  }

  @Test
  void diskIsLimitedInFiles(IsolationStrategy strategy) {
    CellRun run =
        CellRun.of(strategy, shell("i=0; while [ $i -lt 600 ]; do : > f$i; i=$((i+1)); done"));
    assertThat(run.err()).contains("No space left on device");
    assertThat(run.counters().diskInodes()).isEqualTo(CellRun.LIMITS.disk().inodes());
  }

  @Test
  void emptyCellUsesNothing(IsolationStrategy strategy) {
    CellCounters counters = CellRun.of(strategy, command("true")).counters();
    assertThat(counters.diskBytes()).isZero();
    assertThat(counters.diskInodes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "ln -s /etc/passwd out, a symbolic link",
    "ln -s in out, a symbolic link",
    "mkfifo out, not a regular file",
    "mkdir out, not a regular file",
    "echo x > a; ln a out, 2 names",
    "head -c 1025 /dev/zero > out, '1025 bytes, over 1024'",
    "truncate -s 1T out || truncate -s 20M out, 'bytes, over 1024'",
    "echo x > out; chmod 000 out; true, ''",
  })
  void onlySoundResultsAreRead(String script, String reason, IsolationStrategy strategy) {
    try (Cell cell = strategy.launch(shell(script))) {
      CellRun.of(cell);
      if (reason.isEmpty()) {
        return; // as root it can be read, as a user it can't: either is right
      }
      assertThatThrownBy(() -> cell.readFile("out", 1024))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void socketIsNoResult(IsolationStrategy strategy) {
    String python = "import socket; socket.socket(socket.AF_UNIX).bind('out')";
    try (Cell cell = strategy.launch(command("python3", "-c", python))) {
      CellRun.of(cell);
      assertThatThrownBy(() -> cell.readFile("out", 1024)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../etc/passwd", "/etc/passwd", "a/b", "a\0b"})
  void onlyPlainNamesAreRead(String name, IsolationStrategy strategy) {
    try (Cell cell = strategy.launch(command("true"))) {
      assertThatThrownBy(() -> cell.readFile(name, 1024)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void resultCanBeReadWhileTheProgramRuns(IsolationStrategy strategy) throws IOException {
    try (Cell cell = strategy.launch(shell("echo x > out; echo ready; sleep 1000"))) {
      assertThat(cell.stdout().read()).isEqualTo('r');
      assertThat(cell.readFile("out", 10)).isEqualTo("x\n".getBytes(UTF_8));
    }
  }

  @Test
  void closedCellHasNoResults(IsolationStrategy strategy) {
    Cell cell = strategy.launch(command("true"));
    cell.close();
    assertThatThrownBy(() -> cell.readFile("out", 10))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(NoSuchFileException.class);
    assertThat(cell.counters().diskBytes()).isZero();
  }

  private static SandboxLimits limits(SandboxLimits.Disk disk) {
    SandboxLimits limits = CellRun.LIMITS;
    return new SandboxLimits(limits.cpuMaxMillis(), limits.memoryMax(), limits.pidsMax(), disk);
  }
}
