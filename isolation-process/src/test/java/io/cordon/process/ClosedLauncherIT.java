package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.leaks.ControlGroups;
import io.cordon.leaks.UserClaims;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for late, or just when everything is closed, leaves nothing on the host. */
class ClosedLauncherIT {
  private static final long US = ProcessHandle.current().pid();

  @Test
  void aReportThatIsAskedForTooLateLeavesNothing(@TempDir Path cache) {
    int users = UserClaims.of(US).size();
    int groups = ControlGroups.of(US).size();
    CellLauncher launcher = ThisHost.launcher(cache);
    launcher.outerLimits(); // looks for what the host keeps for tenants
    launcher.close();

    assertThat(launcher.report().usable()).isFalse();
    assertThat(UserClaims.of(US)).hasSize(users);
    assertThat(ControlGroups.of(US)).hasSize(groups);
  }

  @Test
  void anExplanationThatIsAskedForTooLateLeavesNothing(@TempDir Path cache) {
    int users = UserClaims.of(US).size();
    ProcessStrategy strategy = new ProcessStrategy(ThisHost.launcher(cache));
    strategy.outerLimits();
    strategy.close();

    assertThatThrownBy(() -> strategy.explain(HostProbe.CELL))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThat(UserClaims.of(US)).hasSize(users);
  }
}
