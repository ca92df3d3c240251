package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosedLauncherTest {

  @Test
  void whoAsksTooLateHasNothingMadeThatNobodyWouldClose(@TempDir Path cache) {
    AtomicInteger made = new AtomicInteger();
    CellLauncher launcher =
        new CellLauncher(
            Architecture.of("amd64").orElseThrow(),
            cache,
            new SharedTenancy(
                kernel -> {
                  made.incrementAndGet();
                  throw new IllegalStateException("made after the end");
                }));
    launcher.close();

    assertThat(launcher.report().usable()).isFalse();
    assertThatThrownBy(launcher::outerLimits)
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThat(made).hasValue(0);
  }
}
