package io.cordon.vm;

import static io.cordon.process.plan.Argument.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.agent.GuestAgent;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LaunchDeadlineTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofHours(1);
  private static final LaunchPlan PLAN =
      new PlanBuilder().call("end", "exit_group", number(0)).build();

  private final CountDownLatch killed = new CountDownLatch(1);

  @Test
  void guestThatTakesNoOrderIsGivenUpInTime() {
    Stuck port = new Stuck();
    assertThatThrownBy(() -> launch(SOON, spec -> ordered(spec, port)))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
        .hasMessageContaining("the launch took longer than start.max of 20 ms");
    assertThat(killed.getCount()).isZero();
  }

  @Test
  void guestThatTakesItsOrderAndSaysNothingIsGivenUpInTime() {
    assertThatThrownBy(() -> launch(SOON, spec -> ordered(spec, OutputStream.nullOutputStream())))
        .hasMessageContaining("the launch took longer than start.max of 20 ms");
  }

  @Test
  void guestThatIsLostBeforeSaysWhy() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int single) throws IOException {
            throw new IOException("EPIPE");
          }
        };
    assertThatThrownBy(() -> launch(LATE, spec -> ordered(spec, broken)))
        .hasMessageContaining("the guest's control port: EPIPE");
    assertThat(killed.getCount()).isOne();
  }

  @Test
  void guestThatExecutesItInTimeIsLeftAlone() throws GuestLostException {
    CellRun run =
        launch(
            LATE,
            spec -> {
              CellRun begun = new CellRun(spec, PLAN);
              begun.report(
                  ByteBuffer.allocate(4)
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .putInt(Report.EXECUTING)
                      .rewind());
              return begun;
            });
    assertThat(run.executing()).isCompleted();
    assertThat(killed.getCount()).isOne();
  }

  private interface Order {
    CellRun give(CellSpec spec);
  }

  private CellRun launch(Duration startMax, Order order) throws GuestLostException {
    CellSpec spec = TinyCommand.within(startMax);
    Supplier<CellRun> given = () -> order.give(spec);
    return VmStrategy.executing(
        spec, System.nanoTime() + startMax.toNanos(), given, killed::countDown);
  }

  private static CellRun ordered(CellSpec spec, OutputStream port) {
    CellRun run = new CellRun(spec, PLAN);
    Elf elf = new Elf(Architecture.of("amd64").orElseThrow());
    new GuestAgent(InputStream.nullInputStream(), port, elf, PLAN, 1)
        .runOnStreams(PLAN, List.of(new byte[1 << 20]), run);
    return run;
  }

  /** The port of a guest that takes nothing, until it is killed. */
  private final class Stuck extends OutputStream {
    @Override
    public void write(int single) throws IOException {
      try {
        killed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
      throw new IOException("EPIPE");
    }
  }
}
