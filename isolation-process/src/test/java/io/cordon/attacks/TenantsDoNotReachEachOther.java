package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 90: read and signal another tenant's processes, as their user could. */
interface TenantsDoNotReachEachOther {

  AttackProgram ATTACK = new AttackProgram("collide.py");

  /** A command of a tenant that runs until it is ended, and its processes on the host. */
  record Victim(TaskHandle<Exit> task, MarkedProcesses processes) {
    static Victim of(Tenant tenant, Tools tools) throws IOException {
      MarkedProcesses marked = MarkedProcesses.create();
      TaskHandle<Exit> task =
          tenant.submit(
              tools
                  .sh("echo started; read line; echo $SECRET", marked.marker())
                  .environment("SECRET", "secret")
                  .stdin(new Command.Input.Stream()));
      assertThat(task.stdout().read()).as("its first letter").isEqualTo('s');
      return new Victim(task, marked);
    }

    Set<Object> users() throws IOException {
      Set<Object> users = new TreeSet<>();
      for (long pid : processes.alive()) {
        users.add(Files.getAttribute(Path.of("/proc/" + pid), "unix:uid"));
      }
      return users;
    }

    /** The numbers of its processes: the host's, and those that each sandbox counts from one. */
    String[] pids() {
      return Stream.concat(
              processes.alive().stream().map(String::valueOf),
              LongStream.rangeClosed(2, 40).mapToObj(String::valueOf))
          .toArray(String[]::new);
    }

    void assertUnharmed() throws IOException {
      task.stdin().write('\n');
      task.stdin().close();
      Exit exit = OutcomeAssert.assertThat(task.outcome()).succeeded();
      assertThat(exit.stdoutText()).isEqualTo("started\nsecret\n");
    }
  }

  @Test
  default void neitherByTheHostsNumbersNorByItsOwn(Tenant acme, Tenant rival, Tools tools)
      throws IOException {
    Victim victim = Victim.of(rival, tools);

    Ran ran = Ran.of(acme, ATTACK.command(tools, victim.pids()));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).isEqualTo("TRIED\n");
    victim.assertUnharmed();
  }

  @Test
  default void noTwoTenantsHaveOneUserOfTheHost(
      Tenant acme, Tenant rival, Tools tools, StrategyUnderTest strategy) throws IOException {
    assumeThat(strategy.hasAKernelOfItsOwn())
        .as("a kernel of its own, to which the host's users are unknown")
        .isFalse();
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
        .as("the user of the application: none but root may give its tenants others")
        .isEqualTo(0);
    Victim one = Victim.of(acme, tools);
    Victim other = Victim.of(rival, tools);

    assertThat(one.users()).hasSize(1).doesNotContain(0).doesNotContainAnyElementsOf(other.users());
    one.assertUnharmed();
    other.assertUnharmed();
  }

  @Test
  default void theControlReachesAnyProcessOfItsUser(@TempDir Path directory) throws Exception {
    Process sleeper = new ProcessBuilder("sleep", "1000").start();
    try {
      assertThat(ATTACK.plainly(directory, "" + sleeper.pid()).output())
          .contains("REACHED environment", "REACHED files", "REACHED memory", "REACHED signal");
    } finally {
      sleeper.destroyForcibly().waitFor();
    }
  }
}
