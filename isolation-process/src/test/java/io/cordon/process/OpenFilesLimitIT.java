package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.IsolationStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process has no more files open than files.max says, and can't have its limit raised. */
@ExtendWith(Cells.class)
@Timeout(60)
class OpenFilesLimitIT {
  private static final String OPENS =
      """
      import errno, os, resource
      count = 0
      try:
          while count < 1000:
              os.dup(0)
              count += 1
      except OSError as e:
          print(errno.errorcode[e.errno], count + 3)
      try:
          resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
          print('raised')
      except (ValueError, OSError):
          print('not raised')
      """;

  @Test
  void theProcessIsDenied(IsolationStrategy strategy) {
    SandboxLimits limits = CellRun.LIMITS;
    Tuning usual = Tuning.BUILT_IN;
    Tuning few =
        new Tuning(
            usual.cpuWeight(),
            usual.cpus(),
            usual.mems(),
            usual.memoryHigh(),
            usual.memorySwapMax(),
            usual.io(),
            usual.ioWeight(),
            40);

    CellRun run =
        CellRun.of(
            strategy,
            CellRun.withLimits(
                CellRun.command("/usr/bin/python3", "-c", OPENS),
                new SandboxLimits(
                    limits.cpuMaxMillis(),
                    limits.memoryMax(),
                    limits.pidsMax(),
                    limits.disk(),
                    few)));

    assertThat(run.exit()).isEqualTo(new CellExit.Exited(0));
    assertThat(run.out()).isEqualTo("EMFILE 40\nnot raised\n");
  }
}
