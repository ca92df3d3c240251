package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 68: leave something for the next run: files, memory, messages and keys of the kernel. */
interface NoResidueIsFound {

  AttackProgram ATTACK = new AttackProgram("residue.py");
  List<String> PLACES =
      List.of(
          ".",
          "/tmp",
          "/var/tmp",
          "/run",
          "/run/lock",
          "/dev/shm",
          "/dev/mqueue",
          "/",
          "/proc",
          "/cordon");

  /**
   * What a run and the next agree on.
   *
   * @param name of files and keys
   * @param number of what the kernel knows by numbers
   */
  record Residue(String name, int number) {
    static Residue create() {
      return new Residue(
          "residue-" + UUID.randomUUID(), ThreadLocalRandom.current().nextInt(1, 1 << 30));
    }

    String[] arguments(String what, List<String> places) {
      List<String> all = new ArrayList<>(List.of(what, name, "" + number));
      all.addAll(places);
      return all.toArray(String[]::new);
    }
  }

  @Test
  default void theNextRunFindsNothing(Tenant acme, Tenant rival, Tools tools) {
    Residue residue = Residue.create();
    Ran left = Ran.of(acme, ATTACK.command(tools, residue.arguments("leave", PLACES)));
    OutcomeAssert.assertThat(left.outcome()).succeeded();
    assertThat(left.stdout().lines())
        .as("where it can")
        .containsExactly("LEFT .", "LEFT /tmp", "OVER");

    for (Tenant next : List.of(acme, rival)) {
      Ran found = Ran.of(next, ATTACK.command(tools, residue.arguments("look", PLACES)));

      OutcomeAssert.assertThat(found.outcome()).succeeded();
      assertThat(found.stdout()).as("what %s finds", next.name()).isEqualTo("OVER\n");
    }
  }

  @Test
  default void theControlFindsWhatWasLeft(@TempDir Path directory) throws Exception {
    Residue residue = Residue.create();
    List<String> here = List.of(".");

    assertThat(ATTACK.plainly(directory, residue.arguments("leave", here)).output())
        .contains("LEFT .", "LEFT memory", "LEFT queue");
    assertThat(ATTACK.plainly(directory, residue.arguments("look", here)).output())
        .contains("FOUND .", "FOUND memory", "FOUND queue");
  }
}
