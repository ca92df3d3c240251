package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Ran;
import io.cordon.harness.Sleeper;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two sandboxes know nothing of each other, of one tenant or of two. */
@TenantPolicy(name = "rival")
interface SandboxesAreApart {

  @Test
  default void oneSeesNoProcessOfTheOther(
      Tenant acme, Tenant rival, Tools tools, StrategyUnderTest strategy) throws IOException {
    Sleeper victim = Sleeper.of(acme, tools);
    victim.awaitStart(strategy);
    try {
      for (Tenant tenant : List.of(acme, rival)) {
        Ran spy = Ran.of(tenant, tools.sh("cat /proc/*/cmdline | tr '\\0' ' '; true"));

        assertThat(spy.outcome()).succeeded();
        assertThat(spy.stdout()).contains("cat").doesNotContain(victim.marked().marker());
      }
    } finally {
      victim.task().cancel();
    }
    assertThat(victim.task().outcome()).cancelled();
  }

  @Test
  default void oneCannotSignalTheOther(Tenant acme, Tenant rival, Tools tools) throws IOException {
    TaskHandle<Exit> victim =
        acme.submit(tools.sh("echo started; cat").stdin(new Command.Input.Stream()));
    assertThat(victim.stdout().read()).as("its first letter").isEqualTo('s');

    // By number, as the host counts them, and all at once.
    Ran.of(
        rival,
        tools.sh(
            "i=$0; while [ $i -lt $1 ]; do kill -9 $i; i=$((i+1)); done 2>/dev/null; kill -9 -1",
            "" + ProcessHandle.current().pid(),
            "" + (ProcessHandle.current().pid() + 2000)));

    assertThat(victim.result()).isNotDone();
    victim.cancel();
    assertThat(victim.outcome()).cancelled();
  }

  @Test
  default void whatOneWritesTheNextDoesNotFind(Tenant acme, Tenant rival, Tools tools) {
    String leave =
        "for d in . /tmp /var/tmp /dev/shm /run /run/lock; do echo secret > $d/left; done; true";
    acme.run(tools.sh(leave));

    for (Tenant next : new Tenant[] {acme, rival}) {
      Exit exit = next.run(tools.sh("find / -name left 2>/dev/null; true"));
      assertThat(exit.stdoutText()).as("found by " + next.name()).isEmpty();
    }
  }

  @Test
  default void inputsAreTheTenantsOwn(Tenant acme, Tenant rival, Tools tools) {
    acme.run(tools.command("cat", "in.txt").input("in.txt", "secret".getBytes(UTF_8)));

    assertThat(Ran.of(rival, tools.command("cat", "in.txt")).outcome()).failed();
  }
}
