package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SandboxTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { disk.max: { bytes: 32Mi, inodes: 200 } }
        task: { output.max: 8Mi }
        """)
@Timeout(120)
class CommandFilesIT {

  @Test
  void inputsLieInTheWorkingDirectory(Tenant acme) {
    Exit exit =
        acme.run(
            Command.of("cat", "one.txt", "two.txt")
                .input("one.txt", "eins ".getBytes(UTF_8))
                .input("two.txt", "zwei".getBytes(UTF_8)));

    assertThat(exit.stdoutText()).isEqualTo("eins zwei");
  }

  @Test
  void anEmptyWorkingDirectoryIsEmpty(Tenant acme) {
    assertThat(acme.run(Command.of("ls", "-A")).stdout()).isEmpty();
  }

  @Test
  void outputsComeBackByteForByte(Tenant acme) {
    byte[] content = new byte[3 << 20];
    new Random(42).nextBytes(content);

    Exit exit =
        acme.run(Command.of("cp", "in.bin", "out.bin").input("in.bin", content).output("out.bin"));

    assertThat(exit.outputs()).containsOnlyKeys("out.bin");
    assertThat(exit.outputs().get("out.bin")).isEqualTo(content);
  }

  @Test
  void anInputMayBeChangedAndComeBack(Tenant acme) {
    Exit exit =
        acme.run(
            Command.of("sh", "-c", "echo more >> notes.txt")
                .input("notes.txt", "some\n".getBytes(UTF_8))
                .output("notes.txt"));

    assertThat(exit.outputs().get("notes.txt")).asString().isEqualTo("some\nmore\n");
  }

  @Test
  void whatWasNotMadeIsAbsent(Tenant acme) {
    Exit exit = acme.run(Command.of("true").output("missing.txt"));

    assertThat(exit.outputs()).isEmpty();
  }

  @Test
  void anEmptyFileIsAFile(Tenant acme) {
    Exit exit = acme.run(Command.of("touch", "empty.txt").output("empty.txt"));

    assertThat(exit.outputs().get("empty.txt")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ln -s /etc/passwd made", "ln -s nowhere made", "mkfifo made", "mkdir made"})
  void whatIsNoRegularFileFailsTheTask(String making, Tenant acme) {
    Ran ran = Ran.of(acme, Command.of("sh", "-c", making).output("made"));

    assertThat(assertThat(ran.outcome()).failed().message()).contains("made", "regular");
  }

  @Test
  void aHostFileCannotBeLinkedIn(Tenant acme) {
    Ran ran = Ran.of(acme, Command.of("ln", "/etc/passwd", "mine").output("mine"));

    assertThat(ran.outcome()).failed();
  }

  @Test
  void aFileWithTwoNamesFailsTheTask(Tenant acme) {
    Ran ran = Ran.of(acme, Command.of("sh", "-c", "echo one > a; ln a b").output("a"));

    assertThat(assertThat(ran.outcome()).failed().message()).contains("hard link");
  }

  @Test
  void resultsCountTowardsTheOutput(Tenant acme) {
    Ran ran = Ran.of(acme, Command.of("truncate", "-s", "16M", "large.bin").output("large.bin"));

    assertThat(ran.outcome()).exceeded(Limit.OUTPUT);
  }

  @Test
  void aFileWithoutReadPermissionIsTheTenantsOwnAffair(Tenant acme) {
    Outcome<Exit> outcome =
        acme.submit(
                Command.of("sh", "-c", "echo secret > sealed; chmod 000 sealed").output("sealed"))
            .outcome();

    // A strategy that reads as root brings it back, another one does not; the host never fails.
    assertThat(outcome).isInstanceOfAny(Outcome.Succeeded.class, Outcome.Failed.class);
  }

  @Test
  void theDiskHasAnEnd(Tenant acme) {

    Ran full = Ran.of(acme, Command.of("sh", "-c", "head -c 64M /dev/zero > large.bin"));
    assertThat(full.outcome()).exceeded(Limit.DISK);
    assertThat(full.stderr()).contains("No space left");
  }

  @Test
  void thereAreOnlySoManyFiles(Tenant acme) {
    Ran ran =
        Ran.of(
            acme,
            Command.of(
                "sh", "-c", "set -e; i=0; while [ $i -lt 400 ]; do i=$((i+1)); : > f$i; done"));

    assertThat(ran.outcome()).exceeded(Limit.DISK_INODES);
  }

  @Test
  void onlyItsOwnPlacesCanBeWritten(Tenant acme) {
    Exit exit =
        acme.run(
            Command.of(
                "sh",
                "-c",
                "for d in / /usr /usr/bin /etc /proc /sys /dev /lib /var; do"
                    + " if true > $d/mine; then echo $d; fi; done 2>/dev/null;"
                    + " true > /tmp/mine && true > mine && echo own"));

    assertThat(exit.stdoutText()).isEqualTo("own\n");
  }
}
