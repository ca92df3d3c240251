package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into a command and comes out of it as files. */
interface CommandFiles {

  @Test
  default void inputsLieInTheWorkingDirectory(Tenant acme, Tools tools) {
    Exit exit =
        acme.run(
            tools
                .command("cat", "one.txt", "two.txt")
                .input("one.txt", "eins ".getBytes(UTF_8))
                .input("two.txt", "zwei".getBytes(UTF_8)));

    assertThat(exit.stdoutText()).isEqualTo("eins zwei");
  }

  @Test
  default void anEmptyWorkingDirectoryIsEmpty(Tenant acme, Tools tools) {
    assertThat(acme.run(tools.command("ls", "-A")).stdout()).isEmpty();
  }

  @Test
  default void theNameOfItsHostHasAnAddress(Tenant acme, Tools tools) {
    Exit exit =
        acme.run(tools.sh("read -r address others < /etc/hosts; echo $address $others; uname -n"));

    List<String> lines = exit.stdoutText().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("127.0.0.1 localhost " + lines.getLast());
  }

  @Test
  default void outputsComeBackByteForByte(Tenant acme, Tools tools) {
    byte[] content = new byte[3 << 20];
    new Random(42).nextBytes(content);

    Exit exit =
        acme.run(
            tools.command("cp", "in.bin", "out.bin").input("in.bin", content).output("out.bin"));

    assertThat(exit.outputs()).containsOnlyKeys("out.bin");
    assertThat(exit.outputs().get("out.bin")).isEqualTo(content);
  }

  @Test
  default void anInputMayBeChangedAndComeBack(Tenant acme, Tools tools) {
    Exit exit =
        acme.run(
            tools
                .sh("echo more >> notes.txt")
                .input("notes.txt", "some\n".getBytes(UTF_8))
                .output("notes.txt"));

    assertThat(exit.outputs().get("notes.txt")).asString().isEqualTo("some\nmore\n");
  }

  @Test
  default void whatWasNotMadeIsAbsent(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.command("true").output("missing.txt"));

    assertThat(exit.outputs()).isEmpty();
  }

  @Test
  default void anEmptyFileIsAFile(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.command("touch", "empty.txt").output("empty.txt"));

    assertThat(exit.outputs().get("empty.txt")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ln -s /etc/passwd made", "ln -s nowhere made", "mkfifo made", "mkdir made"})
  default void whatIsNoRegularFileFailsTheTask(String making, Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, tools.sh(making).output("made"));

    assertThat(assertThat(ran.outcome()).failed().message()).contains("made", "regular");
  }

  @Test
  default void aHostFileCannotBeLinkedIn(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, tools.command("ln", "/etc/passwd", "mine").output("mine"));

    assertThat(ran.outcome()).failed();
  }

  @Test
  default void aFileWithTwoNamesFailsTheTask(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, tools.sh("echo one > a; ln a b").output("a"));

    assertThat(assertThat(ran.outcome()).failed().message()).contains("hard link");
  }

  @Test
  default void aFileWithoutReadPermissionIsTheTenantsOwnAffair(Tenant acme, Tools tools) {
    Outcome<Exit> outcome =
        acme.submit(tools.sh("echo secret > sealed; chmod 000 sealed").output("sealed")).outcome();

    // A strategy that reads as root brings it back, another one does not; the host never fails.
    assertThat(outcome).isInstanceOfAny(Outcome.Succeeded.class, Outcome.Failed.class);
  }

  @Test
  default void onlyItsOwnPlacesCanBeWritten(Tenant acme, Tools tools) {
    Exit exit =
        acme.run(
            tools.sh(
                "for d in / /bin /lib /share /etc /proc /sys /dev; do"
                    + " if true > $d/mine; then echo $d; fi; done 2>/dev/null;"
                    + " true > /tmp/mine && true > mine && echo own"));

    assertThat(exit.stdoutText()).isEqualTo("own\n");
  }
}
