package io.cordon.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.harness.TestCache;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a cell in a guest writes is on a disk of its own, as large as {@code disk.max} says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ScratchDiskIT {
  private static final long MIB = 1 << 20;
  // A file that is written in pieces is scattered, and takes a block to say where it is.
  private static final long WHERE_IT_IS = 16 << 10;

  private static final SandboxLimits.Disk DISK = new SandboxLimits.Disk(96 * MIB, 20);
  private static final SandboxLimits LIMITS = new SandboxLimits(2000, 64 * MIB, 32, DISK);

  private Lab lab;

  @BeforeAll
  void open() {
    lab = Lab.open();
  }

  @AfterAll
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private static CellSpec shell(String name, String script) {
    return Lab.spec("acme", name, Lab.program("/bin/sh", "-c", script), LIMITS);
  }

  /** With its errors among what it writes. */
  private String run(String name, String script) throws IOException {
    try (VmCell cell = lab.strategy().launch(shell(name, "exec 2>&1; " + script))) {
      String said = Lab.outputOf(cell);
      assertThat(cell.exit().join()).isInstanceOf(CellExit.Exited.class);
      return said;
    }
  }

  /** In memory that much would have been the end of it. */
  @Test
  void holdsMoreThanTheCellsMemoryAndAllThatThePolicySays() throws IOException {
    long most = DISK.bytes() - WHERE_IT_IS;
    CellSpec spec = shell("full", "head -c %d /dev/zero > all && wc -c all".formatted(most));
    try (VmCell cell = lab.strategy().launch(spec)) {
      assertThat(Lab.outputOf(cell)).isEqualTo(most + " all\n");
      assertThat(cell.exit().join()).isEqualTo(new CellExit.Exited(0));
      assertThat(cell.counters().diskBytes()).isBetween(most, DISK.bytes());
      assertThat(cell.counters().memoryKills()).isZero();
    }
  }

  /** The control: what is more than that is not written. */
  @Test
  void oneByteMoreIsDenied() throws IOException {
    String said = run("over", "head -c %d /dev/zero > all; wc -c all".formatted(DISK.bytes() + 1));
    assertThat(said).contains("No space left on device");
    long written = Long.parseLong(said.lines().toList().getLast().split(" ", 2)[0]);
    assertThat(written).isBetween(DISK.bytes() - WHERE_IT_IS, DISK.bytes());
  }

  @Test
  void holdsExactlyAsManyFilesAsThePolicySays() throws IOException {
    String make = "; i=0; while [ $i -lt $1 ]; do i=$((i+1)); : > f$i; done; echo all";
    assertThat(run("files", "set -- 20" + make)).isEqualTo("all\n");
    assertThat(run("files-over", "set -- 21" + make))
        .contains("f21")
        .contains("No space left on device");
  }

  @Test
  void whatIsInUseIsCounted() throws IOException {
    CellSpec spec =
        shell("counted", "head -c 1M /dev/zero > a; : > b; head -c 1M /dev/zero > /tmp/c");
    try (VmCell cell = lab.strategy().launch(spec)) {
      Lab.outputOf(cell);
      assertThat(cell.exit().join()).isEqualTo(new CellExit.Exited(0));
      assertThat(cell.counters().diskBytes()).isEqualTo(2 * MIB);
      assertThat(cell.counters().diskInodes()).isEqualTo(3);
      assertThat(cell.readFile("a", 2 * MIB)).hasSize((int) MIB);
    }
    try (VmCell cell = lab.strategy().launch(shell("nothing", "true"))) {
      Lab.outputOf(cell);
      cell.exit().join();
      assertThat(cell.counters().diskBytes()).isZero();
      assertThat(cell.counters().diskInodes()).isZero();
    }
  }

  @Test
  void noCloneSeesAnothersFiles() throws IOException {
    try (VmCell first =
            lab.strategy().launch(shell("first", "echo one > 1; echo ready; cat; cat 1"));
        VmCell second = lab.strategy().launch(shell("second", "echo *; cat"))) {
      assertThat(first.stdout().readNBytes(6)).isEqualTo("ready\n".getBytes(UTF_8));
      assertThat(Lab.outputOf(second)).as("an empty directory").isEqualTo("*\n");
      assertThat(Lab.outputOf(first)).isEqualTo("one\n");
    }
    assertThat(run("third", "echo * /tmp/*")).as("after both").isEqualTo("* /tmp/*\n");
  }

  @Test
  void isMountedWithoutPrivileges() throws IOException {
    assertThat(run("mounts", "cat /proc/self/mounts").lines())
        .filteredOn(line -> line.contains(" ext4 "))
        .hasSize(2)
        .allMatch(line -> line.contains("nosuid,nodev,noexec,noatime"));
  }

  @Test
  void nothingOfItHasANameOnTheHost() throws IOException {
    Path scratch = TestCache.directory().resolve("vm/scratch");
    try (VmCell cell =
        lab.strategy().launch(shell("unnamed", "echo secret > file; echo ready; cat"))) {
      assertThat(cell.stdout().readNBytes(6)).isEqualTo("ready\n".getBytes(UTF_8));
      assertThat(scratch).isEmptyDirectory();
      cell.kill();
    }
    assertThat(scratch).isEmptyDirectory();
    assertThat(Lab.descriptors())
        .as("but for the templates'")
        .filteredOn(target -> target.contains("/vm/scratch/"))
        .hasSizeLessThanOrEqualTo(1);
  }
}
