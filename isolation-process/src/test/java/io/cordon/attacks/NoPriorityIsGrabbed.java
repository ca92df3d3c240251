package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 63: real-time classes, better priorities, memory that is locked. */
interface NoPriorityIsGrabbed {

  AttackProgram ATTACK = new AttackProgram("priority_grab.py");

  @Test
  default void eachGrabIsDenied(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("TRIED 9").doesNotContain("GRABBED");
    assertThat(ran.stdout().lines().filter(line -> line.startsWith("DENIED"))).hasSize(9);
  }

  @Test
  default void theControlGrabsMost(@TempDir Path directory) throws Exception {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
        .as("the user of the control: none but root is given any of it anyway")
        .isEqualTo(0);

    assertThat(ATTACK.plainly(directory).output())
        .contains("GRABBED nice", "GRABBED ioprio", "GRABBED locked-memory");
  }
}
