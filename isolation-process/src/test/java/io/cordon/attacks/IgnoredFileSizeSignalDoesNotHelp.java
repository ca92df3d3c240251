package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 53: ignore SIGXFSZ and every denial, and write on. */
interface IgnoredFileSizeSignalDoesNotHelp {

  AttackProgram ATTACK = new AttackProgram("sigxfsz_ignore.py");
  long DISK = 8L << 20;
  String FAR_BEYOND = "" + 4 * DISK;
  String COUNT = "200";
  Pattern WROTE = Pattern.compile("(?m)^WROTE (\\S+) (\\d+)(.*)$");

  @Test
  default void whatIsDeniedStaysDenied(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, FAR_BEYOND, COUNT));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(WROTE.matcher(ran.stdout()).results())
        .hasSize(2)
        .allSatisfy(
            wrote -> {
              boolean beyond = wrote.group(1).equals("from-far-beyond");
              assertThat(Long.parseLong(wrote.group(2))).isBetween(0L, beyond ? 0 : DISK);
              assertThat(wrote.group(3)).contains(beyond ? "EFBIG" : "ENOSPC");
            });
    assertThat(ran.stdout()).as("SIGXFSZ").contains("CHILD -25");
  }

  @Test
  default void theControlWritesItAll(@TempDir Path directory) throws Exception {
    long all = Long.parseLong(COUNT) << 16;

    assertThat(ATTACK.plainly(directory, FAR_BEYOND, COUNT).output())
        .contains("WROTE from-its-beginning " + all, "WROTE from-far-beyond " + all, "CHILD 0");
  }
}
