package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 50: open descriptors without end, also such as are sent and never taken. */
interface DescriptorBombMeetsFilesMax {

  AttackProgram ATTACK = new AttackProgram("descriptor_bomb.py");
  String COUNT = "200";
  int FILES = 64;
  Pattern OPENED = Pattern.compile("(?m)^(?:FILES|PIPES|EVENTS|CHILD) (\\d+) (\\w+)$");
  Pattern IN_FLIGHT = Pattern.compile("(?m)^IN FLIGHT (\\d+) (\\w+)$");

  @Test
  default void eachProcessIsDeniedMoreThanFilesMax(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, COUNT));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("NOT RAISED");
    assertThat(OPENED.matcher(ran.stdout()).results())
        .hasSize(7)
        .allSatisfy(
            opened -> {
              assertThat(Integer.parseInt(opened.group(1))).isBetween(1, FILES);
              assertThat(opened.group(2)).isEqualTo("EMFILE");
            });
    // The kernel looks before it counts: the last message is one too many.
    assertThat(IN_FLIGHT.matcher(ran.stdout()).results())
        .singleElement()
        .satisfies(sent -> assertThat(Integer.parseInt(sent.group(1))).isBetween(1, FILES + 1));
  }

  @Test
  default void theControlOpensThemAll(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, COUNT).output())
        .contains(
            List.of(
                "FILES " + COUNT + " nothing",
                "PIPES " + COUNT + " nothing",
                "EVENTS " + COUNT + " nothing",
                "CHILD " + COUNT + " nothing"));
  }
}
