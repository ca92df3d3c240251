package io.cordon.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A command that says that it has started, and then runs until somebody ends it.
 *
 * @param task its handle
 * @param marked its processes, where the host has them
 * @param before the descendants of this JVM before it was started
 */
public record Sleeper(TaskHandle<Exit> task, MarkedProcesses marked, Set<ProcessHandle> before) {

  /** Submits one. */
  public static Sleeper of(Tenant tenant, Tools tools) {
    Set<ProcessHandle> before = descendants();
    MarkedProcesses marked = MarkedProcesses.create();
    return new Sleeper(
        tenant.submit(tools.sh("echo started; sleep 1000; true", marked.marker())), marked, before);
  }

  /** Waits for its word. It is a process of the host then, or one of a kernel of its own. */
  public void awaitStart(StrategyUnderTest strategy) throws IOException {
    assertThat(task.stdout().read()).as("its first letter").isEqualTo('s');
    assertThat(marked.alive().isEmpty())
        .as("the host has no such process")
        .isEqualTo(strategy.hasAKernelOfItsOwn());
  }

  /** Fails if anything of it still runs, on the host or in what the host started for it. */
  public void assertDead() {
    assertThat(marked.alive()).as("processes of the command").isEmpty();
    assertThat(left()).as("processes that were started for it").isEmpty();
  }

  private List<ProcessHandle.Info> left() {
    return descendants().stream()
        .filter(process -> !before.contains(process))
        .map(ProcessHandle::info)
        .toList();
  }

  private static Set<ProcessHandle> descendants() {
    return ProcessHandle.current().descendants().collect(Collectors.toSet());
  }
}
