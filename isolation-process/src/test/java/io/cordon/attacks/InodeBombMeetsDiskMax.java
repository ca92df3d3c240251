package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 51: empty files, directories, links and fifos without end. */
interface InodeBombMeetsDiskMax {

  AttackProgram ATTACK = new AttackProgram("inode_bomb.py");
  String COUNT = "5000";
  long INODES = 100;
  Pattern MADE = Pattern.compile("(?m)^MADE (\\d+)$");

  @Test
  default void asManyAsThePolicySaysInAllPlacesTogether(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, COUNT, ".", "/tmp"));

    Trip trip = OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.DISK_INODES);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(INODES);
    assertThat(MADE.matcher(ran.stdout()).results())
        .singleElement()
        .satisfies(made -> assertThat(Long.parseLong(made.group(1))).isBetween(1L, INODES));
  }

  @Test
  default void theControlMakesThemAll(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, COUNT, ".").output()).contains("MADE " + COUNT);
  }
}
