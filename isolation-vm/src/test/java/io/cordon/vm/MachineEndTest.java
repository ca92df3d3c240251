package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineEndTest {
  private static final int SIGSEGV = 11;

  @Test
  void aLaunchThatAPanicEndsSaysSo() {
    MachineEnd end =
        new MachineEnd(
            new CellExit.Exited(0), "[ 1.0] Kernel panic - not syncing: Attempted to", "");

    SandboxException failure = beforeExecuting(end, 0, 0);

    assertThat(failure.code()).isEqualTo(ErrorCode.LAUNCH_FAILED);
    assertThat(failure).hasMessageContaining("the guest's kernel panicked");
  }

  @Test
  void aLaunchThatTheDeathOfTheMachineEndsSaysHow() {
    SandboxException failure =
        beforeExecuting(new MachineEnd(new CellExit.Signaled(SIGSEGV), "", ""), 0, 0);

    assertThat(failure.code()).isEqualTo(ErrorCode.LAUNCH_FAILED);
    assertThat(failure).hasMessageContaining("ended by signal 11");
  }

  @Test
  void aLaunchWhoseMachineWasKilledByWhoeverIsNoMatterOfALimit() {
    SandboxException failure = beforeExecuting(new MachineEnd(new CellExit.Killed(), "", ""), 0, 0);

    assertThat(failure.code()).isEqualTo(ErrorCode.LAUNCH_FAILED);
    assertThat(failure).hasMessageContaining("the micro-VM's process was killed");
  }

  @Test
  void aLaunchThatItsMemoryDoesNotSufficeForNamesTheLimit() {
    SandboxException failure = beforeExecuting(new MachineEnd(new CellExit.Killed(), "", ""), 1, 0);

    assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL);
    assertThat(failure).hasMessageContaining("memory.max of 67108864 bytes does not suffice");
  }

  @Test
  void aLaunchThatItsTenantsTotalEndsNamesThat() {
    SandboxException failure = beforeExecuting(new MachineEnd(new CellExit.Killed(), "", ""), 1, 1);

    assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL);
    assertThat(failure).hasMessageContaining("the tenant's sandboxes have all of its memory.max");
  }

  private static SandboxException beforeExecuting(MachineEnd end, long kills, long tenantKills) {
    CellSpec spec = TinyCommand.within(Duration.ofSeconds(60));
    return end.beforeExecuting(
        spec, kills, tenantKills, new GuestLostException("the guest is gone"));
  }
}
