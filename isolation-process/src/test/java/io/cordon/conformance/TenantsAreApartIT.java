package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SandboxTest
@TenantPolicy(name = "acme")
@TenantPolicy(name = "rival")
@Timeout(120)
class TenantsAreApartIT {

  @Test
  void oneSeesNoProcessOfTheOther(Tenant acme, Tenant rival) {
    MarkedProcesses victim = MarkedProcesses.create();
    TaskHandle<Exit> running =
        acme.submit(Command.of("sh", "-c", "sleep 1000; true", victim.marker()));
    try {
      Eventually.within(
          Duration.ofSeconds(60), () -> !victim.alive().isEmpty(), "the victim's start");

      Ran spy = Ran.of(rival, Command.of("sh", "-c", "cat /proc/*/cmdline | tr '\\0' ' '; true"));

      assertThat(spy.outcome()).succeeded();
      assertThat(spy.stdout()).contains("cat").doesNotContain(victim.marker());
    } finally {
      running.cancel();
    }
    assertThat(running.outcome()).cancelled();
  }

  @Test
  void oneCannotSignalTheOther(Tenant acme, Tenant rival) {
    TaskHandle<Exit> victim = acme.submit(Command.of("cat").stdin(new Command.Input.Stream()));

    // By number, as the host counts them, and all at once.
    long first = ProcessHandle.current().pid();
    Ran.of(
        rival,
        Command.of(
            "sh",
            "-c",
            "i="
                + first
                + "; while [ $i -lt "
                + (first + 2000)
                + " ]; do kill -9 $i; i=$((i+1)); done; kill -9 -1"));

    assertThat(victim.result()).isNotDone();
    victim.cancel();
    assertThat(victim.outcome()).cancelled();
  }

  @Test
  void whatOneWritesTheNextDoesNotFind(Tenant acme, Tenant rival) {
    String leave =
        "for d in . /tmp /var/tmp /dev/shm /run /run/lock; do echo secret > $d/left; done; true";
    acme.run(Command.of("sh", "-c", leave));

    for (Tenant next : new Tenant[] {acme, rival}) {
      Exit exit = next.run(Command.of("sh", "-c", "find / -name left 2>/dev/null; true"));
      assertThat(exit.stdoutText()).as("found by " + next.name()).isEmpty();
    }
  }

  @Test
  void inputsAreTheTenantsOwn(Tenant acme, Tenant rival) {
    acme.run(Command.of("cat", "in.txt").input("in.txt", "secret".getBytes(UTF_8)));

    assertThat(Ran.of(rival, Command.of("cat", "in.txt")).outcome()).failed();
  }
}
