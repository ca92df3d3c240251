package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.sandbox.SandboxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CellRunTest {
  private final CellRun run =
      new CellRun(TinyCommand.within(Duration.ofSeconds(60)), new PlanBuilder().build());

  @Test
  void whoIsKilledOnceReadyMayHaveBeenTheProgram() {
    say(Report.ALIVE);
    say(Report.READY);
    assertThat(run.executing()).isNotDone();

    run.ended();

    assertThat(run.executing()).isCompleted();
    assertThat(run.whenEnded()).isCompletedWithValueMatching(told -> told.isEmpty());
  }

  @Test
  void whoIsKilledBeforeWasNeverTheProgram() {
    say(Report.ALIVE);

    run.ended();

    assertThatThrownBy(run.executing()::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("killed before it was through");
  }

  @Test
  void aGuestThatIsLostWithAReadyProgramIsLostInItsRun() {
    say(Report.READY);

    run.lost("the guest is gone");

    assertThat(run.executing()).isCompleted();
    assertThatThrownBy(run.whenEnded()::join).hasCauseInstanceOf(GuestLostException.class);
  }

  @Test
  void aGuestThatIsLostBeforeIsLostInItsLaunch() {
    run.lost("the guest is gone");

    assertThatThrownBy(run.executing()::join)
        .hasCauseInstanceOf(GuestLostException.class)
        .hasMessageContaining("the guest is gone");
  }

  private void say(int report) {
    run.report(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(report).rewind());
  }
}
