package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.KernelGroups;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellExit;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Limits of a micro-VM that runs: what the guest's kernel keeps, and what the host's does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class VmResizeIT {
  private static final long MIB = 1 << 20;

  /** Has 8 MiB, and 8 more with each line that it is told. */
  private static final String GROWS =
      """
      hoard() {
        dd if=/dev/zero bs=8M count=1 2>/dev/null |
          { head -c 1 >/dev/null; echo $1; exec sleep 1000; } &
      }
      hoard up
      while read -r line; do hoard more; done
      """;

  /** Has one more process with each line that it is told. */
  private static final String FORKS =
      """
      echo up
      while read -r line; do ( sleep 1000 & ) 2>/dev/null && echo forked || echo denied; done
      """;

  private Lab lab;

  @BeforeAll
  void open() {
    lab = Lab.open();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private VmCell launch(String name, String script) throws IOException {
    VmCell cell = lab.strategy().launch(Lab.shell(name, script));
    assertThat(line(cell)).isEqualTo("up");
    return cell;
  }

  private static void tell(VmCell cell) throws IOException {
    cell.stdin().write('\n');
    cell.stdin().flush();
  }

  private static String line(VmCell cell) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = cell.stdout().read(); c >= 0 && c != '\n'; c = cell.stdout().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static SandboxLimits memory(long bytes) {
    return Lab.SMALL.resized(Lab.SMALL.cpuMaxMillis(), bytes, Lab.SMALL.pidsMax());
  }

  @Test
  void whoTakesMoreThanItsNewMemoryIsKilledByItsKernel() throws Exception {
    try (VmCell cell = launch("shrinks", GROWS)) {
      cell.resize(memory(14 * MIB));
      tell(cell);

      assertThat(cell.exit().get(60, TimeUnit.SECONDS)).isInstanceOf(CellExit.Killed.class);
      assertThat(cell.counters().memoryKills()).isPositive();
      // What must not fail goes a few pages beyond memory.max (cgroup-v2.rst).
      assertThat(cell.counters().memoryPeak().orElseThrow()).isBetween(8 * MIB, 15 * MIB);
    }
  }

  @Test
  void whatItIsGivenBackItHas() throws Exception {
    try (VmCell cell = launch("grows", GROWS)) {
      cell.resize(memory(14 * MIB));
      cell.resize(memory(32 * MIB));
      tell(cell);
      assertThat(line(cell)).isEqualTo("more");
    }
  }

  @Test
  void memoryThatIsInUseIsNotTaken() throws Exception {
    try (VmCell cell = launch("full", GROWS)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> cell.resize(memory(6 * MIB)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_IN_USE))
          .withMessageContaining("6Mi");

      tell(cell);
      assertThat(line(cell)).as("it has what it had").isEqualTo("more");
    }
  }

  @Test
  void noGuestHasMoreMemoryThanItWasBootedWith() throws Exception {
    try (VmCell cell = launch("small", GROWS)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> cell.resize(memory(33 * MIB)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_LIVE))
          .withMessageContaining("33Mi")
          .withMessageContaining("32Mi");
    }
  }

  @Test
  void whoForksMoreThanItNowMayIsDenied() throws Exception {
    int few = 8;
    try (VmCell cell = launch("forks", FORKS)) {
      tell(cell);
      assertThat(line(cell)).isEqualTo("forked");

      cell.resize(Lab.SMALL.resized(Lab.SMALL.cpuMaxMillis(), Lab.SMALL.memoryMax(), few));
      int forked = 1;
      String answer = "forked";
      while (answer.equals("forked") && forked <= few) {
        tell(cell);
        answer = line(cell);
        forked += answer.equals("forked") ? 1 : 0;
      }

      assertThat(answer).isEqualTo("denied");
      assertThat(forked).isLessThan(few);
    }
  }

  @Test
  void processorTimeIsTheHostsToGive() throws Exception {
    try (VmCell cell = launch("works", FORKS)) {
      assumeThat(cell.tier()).as("control groups that can be written").startsWith("cgroup");

      cell.resize(Lab.SMALL.resized(500, Lab.SMALL.memoryMax(), Lab.SMALL.pidsMax()));

      assertThat(KernelGroups.ofSandbox("works", "cpu.cfs_quota_us", "cpu.max"))
          .startsWith("50000");
    }
  }

  @Test
  void onesThatStandStillAreResizedOnceTheyGoOn() throws Exception {
    try (VmCell cell = launch("stands", GROWS)) {
      cell.pause();
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> cell.resize(memory(14 * MIB)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_LIVE))
          .withMessageContaining("resume");

      cell.resume();
      cell.resize(memory(14 * MIB));
    }
  }

  @Test
  void oneThatHasEndedIsNot() throws Exception {
    try (VmCell cell = launch("ends", GROWS)) {
      cell.kill();
      cell.exit().get(60, TimeUnit.SECONDS);

      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> cell.resize(memory(14 * MIB)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }
  }
}
