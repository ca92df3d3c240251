package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A machine that takes nothing and says nothing, for it stands still, keeps nobody waiting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // no interrupt ends a write
class SilentGuestIT {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  // More than the buffers between here and a guest hold.
  private static final int MUCH = 32 << 20;

  private final CellSpec spec =
      Lab.startingWithin(
          PATIENCE,
          Lab.given(
              "acme",
              "silent",
              Lab.program("/bin/sh", "-c", "true"),
              Map.of(),
              List.of(new InputFile("much", new byte[MUCH])),
              Lab.SMALL));

  private Lab lab;
  private Template template;
  private GuestMachine machine;

  @BeforeAll
  void open() {
    lab = Lab.open();
    template = lab.strategy().template(spec);
  }

  @BeforeEach
  void cloneOne() {
    machine = lab.workshop().clone(template, Lab.startingWithin(Duration.ofMinutes(1), spec));
    machine.listen();
  }

  @AfterEach
  void nothingIsLeftOfIt() {
    if (machine != null) {
      machine.close();
      assertThat(Lab.machines()).isEmpty();
    }
  }

  @AfterAll
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void orderThatItDoesNotTakeIsRefusedAfterStartMax() {
    assertThatThrownBy(
            () ->
                VmStrategy.executing(
                    spec,
                    System.nanoTime() + PATIENCE.toNanos(),
                    () -> lab.workshop().order(machine, template.kernel(), spec),
                    machine::kill))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
        .hasMessageContaining("the launch took longer than start.max of 2000 ms");
    assertThat(machine.ended()).succeedsWithin(Duration.ofMinutes(1));
  }

  @Test
  void wordsThatItDoesNotSayAreGivenUp() {
    assertThatThrownBy(
            () -> VmWorkshop.hear(machine.stdout(), new byte[1], PATIENCE, machine::kill))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was not there after " + PATIENCE);
    assertThat(machine.ended()).succeedsWithin(Duration.ofMinutes(1));
  }
}
