package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 52: take disk space without writing it, or pretend to have written what is a hole. */
interface UnwrittenFilesCountTowardsDiskMax {

  AttackProgram ATTACK = new AttackProgram("disk_fill.py");
  long DISK = 8L << 20;
  long MUCH = 12L << 20;
  Pattern TOOK = Pattern.compile("(?m)^TOOK (\\d+)$");

  @ParameterizedTest
  @ValueSource(strings = {"in-steps", "with-holes"})
  default void whatIsTakenCounts(String way, Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, way, "" + MUCH));

    Trip trip = OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.DISK);
    assertThat(trip.allowed()).isEqualTo(DISK);
    assertThat(TOOK.matcher(ran.stdout()).results())
        .singleElement()
        .satisfies(took -> assertThat(Long.parseLong(took.group(1))).isBetween(DISK / 2, DISK));
  }

  @Test
  default void moreThanThereIsIsNotGivenAtOnceEither(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "at-once", "" + MUCH));

    // What the kernel gave and took back can't be seen any more.
    OutcomeAssert.assertThat(ran.outcome()).failed();
    assertThat(ran.stderr()).contains("No space left");
  }

  @Test
  default void aHoleIsAsLargeAsItSeemsToWhoTakesItOut(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "hole", "" + MUCH).output("hole"));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"at-once", "in-steps", "with-holes", "hole"})
  default void theControlTakesItAll(String way, @TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, way, "" + MUCH).output()).contains("DONE " + MUCH);
  }
}
