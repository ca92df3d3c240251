package io.cordon.policy;

import static io.cordon.policy.StrategyChoice.AUTO;
import static io.cordon.policy.StrategyChoice.PROCESS;
import static io.cordon.policy.StrategyChoice.VM;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.TaskLimits.DenyAction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CeilingTest {
  private PolicyFiles files;

  @BeforeEach
  void directory(@TempDir Path directory) {
    files = new PolicyFiles(directory);
  }

  @Test
  void defaultsFillTheKeysThatATenantLeavesOut() {
    files
        .acme("sandbox: { memory.max: 1Gi, disk.max: { bytes: 1Gi } }")
        .with("defaults.yaml", "sandbox: { memory.max: 2Gi, disk.max: { inodes: 100 } }");

    assertThat(files.policy().sandbox().memoryMax()).isEqualTo(1L << 30);
    assertThat(files.policy().sandbox().disk()).isEqualTo(new SandboxLimits.Disk(1L << 30, 100));
    assertThat(files.explained("sandbox.memory.max")).isEqualTo("1Gi from acme.yaml:2");
    assertThat(files.explained("sandbox.disk.max.inodes")).isEqualTo("100 from defaults.yaml:1");
    assertThat(files.explained("sandbox.pids.max")).isEqualTo("64 from built in");
  }

  @Test
  void anEmptyListIsAValueThatDefaultsDoNotFill() {
    files
        .acme("isolation: { require: [] }\nenvironment: []")
        .with("defaults.yaml", "isolation: { require: [cgroup] }\nenvironment: [LANG]");

    assertThat(files.policy().isolation().require()).isEmpty();
    assertThat(files.policy().environment()).isEmpty();
  }

  @Test
  void aLimitIsTheSmallerOne() {
    files
        .acme("sandbox:\n  memory.max: 1Gi\n  pids.max: 32\n")
        .with("ceiling.yaml", "sandbox:\n  memory.max: 512Mi\n  pids.max: 256\n");

    assertThat(files.policy().sandbox().memoryMax()).isEqualTo(512L << 20);
    assertThat(files.policy().sandbox().pidsMax()).isEqualTo(32);
    assertThat(files.explained("sandbox.memory.max"))
        .isEqualTo("512Mi from ceiling.yaml:2 cuts acme.yaml:3 (1Gi)");
    assertThat(files.explained("sandbox.pids.max")).isEqualTo("32 from acme.yaml:4");
  }

  @Test
  void theCeilingCutsDefaultsTooWhetherWrittenOrBuiltIn() {
    files
        .acme("")
        .with("defaults.yaml", "sandbox: { memory.max: 1Gi }")
        .with("ceiling.yaml", "sandbox: { memory.max: 64Mi }\ntask: { wall.max: 1s }");

    assertThat(files.explained("sandbox.memory.max"))
        .isEqualTo("64Mi from ceiling.yaml:1 cuts defaults.yaml:1 (1Gi)");
    assertThat(files.explained("task.wall.max"))
        .isEqualTo("1s from ceiling.yaml:2 cuts built in (5s)");
  }

  @Test
  void aCeilingLimitsWhatHadNoLimit() {
    files.acme("").with("ceiling.yaml", "limits: { tasks.concurrent: 4 }\ntask: { cpu.time: 2s }");

    assertThat(files.policy().limits().admission().tasksConcurrent()).hasValue(4);
    assertThat(files.policy().task().cpuTime()).contains(Duration.ofSeconds(2));
    assertThat(files.explained("task.cpu.time"))
        .isEqualTo("2s from ceiling.yaml:2 cuts built in (no limit)");
  }

  @ParameterizedTest
  @CsvSource({
    "50/s, 100/s, 50/s",
    "50/s, 20/s, 20/s",
    "50/s, 1k/min, 50/3s",
    "1k/min, 50/s, 50/3s",
    "3/s, 100/min, 3/1800ms",
    "7/s, 7/min, 7/min",
    "60/min, 1/s, 1/s",
    "1/d, 1M/s, 1/d",
    "3/s, 1/s, 1/s",
    "7/s, 3/s, 3/s",
    "2/7s, 3/10s, 2/7s",
    // One in 2333.3 ms: what a file can't say exactly becomes less, not more.
    "3/7s, 1/2s, 1/2334ms",
  })
  void aRateUnderACeilingIsWithinBothAtEveryMoment(String one, String other, String both) {
    files.acme("limits: { tasks.rate: " + one + " }").with("ceiling.yaml", rate(other));
    assertThat(files.policy().limits().admission().tasksRate())
        .hasToString("Optional[" + both + "]");

    files.acme("limits: { tasks.rate: " + other + " }").with("ceiling.yaml", rate(one));
    assertThat(files.policy().limits().admission().tasksRate())
        .hasToString("Optional[" + both + "]");
  }

  private static String rate(String rate) {
    return "limits: { tasks.rate: " + rate + " }";
  }

  @Test
  void aBudgetUnderACeilingIsTheSmallerAmountInTheLongerWindow() {
    files
        .acme("limits: { cpu.budget: 10h per 1d }")
        .with("ceiling.yaml", "limits: { cpu.budget: 30min per 1h }");

    assertThat(files.explained("limits.cpu.budget"))
        .isEqualTo("30min per 1d from ceiling.yaml:1 cuts acme.yaml:2 (10h per 1d)");
  }

  @Test
  void aCeilingGivesARateABudgetAndAShorterQueue() {
    files
        .acme("limits: { tasks.queue: { max: 100, wait: 1min } }")
        .with(
            "ceiling.yaml",
            "limits: { tasks.rate: 50/s, cpu.budget: 2min per 1h, tasks.queue: { max: 10 } }");

    assertThat(files.explained("limits.tasks.rate"))
        .isEqualTo("50/s from ceiling.yaml:1 cuts built in (no limit)");
    assertThat(files.explained("limits.cpu.budget"))
        .isEqualTo("2min per 1h from ceiling.yaml:1 cuts built in (no limit)");
    assertThat(files.explained("limits.tasks.queue.max"))
        .isEqualTo("10 from ceiling.yaml:1 cuts acme.yaml:2 (100)");
    assertThat(files.policy().limits().admission().queue().waitMax())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aCeilingGivesNoQueue() {
    files.acme("").with("ceiling.yaml", "limits: { tasks.queue: { max: 100 } }");

    assertThat(files.policy().limits().admission().queue()).isEqualTo(AdmissionLimits.Queue.NONE);
  }

  @Test
  void aCeilingGivesNothing() {
    files
        .acme("sandbox: { memory.max: 64Mi }\nenvironment: [TZ]\ntask: { onDeny: kill }")
        .with(
            "ceiling.yaml",
            "sandbox: { memory.max: 1Gi }\nenvironment: [LANG, TZ]\ntask: { onDeny: continue }");

    assertThat(files.policy().sandbox().memoryMax()).isEqualTo(64L << 20);
    assertThat(files.policy().environment()).containsExactly("TZ");
    assertThat(files.policy().task().onDeny()).isEqualTo(DenyAction.KILL);
  }

  @Test
  void requiredProtectionsUnite() {
    files
        .acme("isolation: { require: [cgroup] }")
        .with("ceiling.yaml", "isolation: { require: [seccomp] }");

    assertThat(files.policy().isolation().require())
        .containsExactlyInAnyOrder(Protection.CGROUP, Protection.SECCOMP);
    assertThat(files.explained("isolation.require"))
        .isEqualTo("[seccomp, cgroup] from ceiling.yaml:1 adds to acme.yaml:2 ([cgroup])");
  }

  @Test
  void environmentsIntersect() {
    files
        .acme("environment: [TZ, HOME, LANG]")
        .with("ceiling.yaml", "environment: [LANG, TZ, LC_ALL]");

    assertThat(files.policy().environment()).containsExactlyInAnyOrder("LANG", "TZ");
    assertThat(files.explained("environment"))
        .isEqualTo("[LANG, TZ] from ceiling.yaml:1 cuts acme.yaml:2 ([TZ, HOME, LANG])");
  }

  @Test
  void aVmInTheCeilingWins() {
    assertThat(strategies("strategy: auto", "strategy: vm")).containsExactly(VM, VM, VM);
    assertThat(strategies("strategy: process", "strategy: vm")).containsExactly(VM, VM, VM);
    assertThat(files.explained("isolation.strategy"))
        .isEqualTo("vm from ceiling.yaml:1 cuts acme.yaml:2 (process)");
  }

  @Test
  void nothingButAVmInTheCeilingChangesTheStrategy() {
    assertThat(strategies("strategy: vm", "strategy: process")).containsExactly(VM, VM, VM);
    assertThat(strategies("strategy: auto", "strategy: process")).containsExactly(AUTO, AUTO, AUTO);
    assertThat(strategies("strategy: process", "strategy: auto"))
        .containsExactly(PROCESS, PROCESS, PROCESS);
  }

  @Test
  void anOverrideCannotEscapeAVmInTheCeiling() {
    assertThat(strategies("overrides: [{when: {kind: script}, strategy: process}]", "strategy: vm"))
        .containsExactly(VM, VM, VM);
    assertThat(files.explained("isolation.overrides"))
        .isEqualTo(
            "[{when: {kind: script}, strategy: vm}] from ceiling.yaml:1 cuts acme.yaml:2"
                + " ([{when: {kind: script}, strategy: process}])");
  }

  @Test
  void theCeilingsFirstMatchingOverrideDecidesForItsKind() {
    assertThat(
            strategies(
                "strategy: process",
                "strategy: vm, overrides: [{when: {kind: script}, strategy: process}]"))
        .containsExactly(PROCESS, VM, VM);
    assertThat(
            strategies("strategy: process", "overrides: [{when: {kind: command}, strategy: vm}]"))
        .containsExactly(PROCESS, PROCESS, VM);
  }

  @Test
  void everyPairOfIsolationsKeepsWhatTheCeilingDemandsForEachKind() {
    List<StrategyChoice> choices = List.of(StrategyChoice.values());
    for (int i = 0; i < 3 * 3 * 3 * 3; i++) {
      StrategyChoice asked = choices.get(i % 3);
      StrategyChoice askedScript = choices.get(i / 3 % 3);
      StrategyChoice cap = choices.get(i / 9 % 3);
      StrategyChoice capCommand = choices.get(i / 27);
      String tenant =
          "strategy: " + asked.key() + ", overrides: [" + rule("script", askedScript) + "]";
      String ceiling =
          "strategy: " + cap.key() + ", overrides: [" + rule("command", capCommand) + "]";

      assertThat(strategies(tenant, ceiling))
          .as("%s under %s", tenant, ceiling)
          .containsExactly(
              cap == VM ? VM : askedScript, cap == VM ? VM : asked, capCommand == VM ? VM : asked);
    }
  }

  @Test
  void theExplanationWrittenAsAFileIsTheSamePolicy(@TempDir Path other) {
    files
        .acme(
            """
            isolation:
              require: [landlock]
              overrides: [{when: {kind: command}, strategy: vm}]
              vm: { emulation: allow }
            limits: { tasks.rate: 100/3s, cpu.budget: 90s per 1.5h, tasks.queue: { max: 7 } }
            sandbox: { memory.max: 1234567, cpu.max: 0.25 }
            task: { cpu.time: 1500ms, onDeny: kill }
            environment: [LANG, TZ]
            """)
        .with("ceiling.yaml", "sandbox: { pids.max: 10 }\nlimits: { tasks.concurrent: 2 }");

    StringBuilder flat = new StringBuilder();
    for (String section : List.of("isolation", "limits", "sandbox", "task")) {
      flat.append(section).append(":\n");
      files.explanation().values().stream()
          .filter(value -> value.key().startsWith(section + "."))
          .filter(value -> !value.value().equals(PolicyExplanation.NO_LIMIT))
          .map(value -> "  " + value.key().substring(section.length() + 1) + ": " + value.value())
          .map(line -> line.replaceFirst("vm.emulation: (\\S+)", "vm:\n    emulation: $1"))
          .map(line -> line.replaceFirst("tasks.queue.max: (\\S+)", "tasks.queue:\n    max: $1"))
          .map(line -> line.replaceFirst("  tasks.queue.wait:", "    wait:"))
          .map(line -> line.replaceFirst("disk.max.bytes: (\\S+)", "disk.max:\n    bytes: $1"))
          .map(line -> line.replaceFirst("  disk.max.inodes:", "    inodes:"))
          .forEach(line -> flat.append(line).append('\n'));
    }
    flat.append("environment: ").append(files.explained("environment").replaceFirst(" from.*", ""));

    PolicyFiles again = new PolicyFiles(other).acme(flat.toString());
    assertThat(again.messages()).isEmpty();
    assertThat(again.policy()).isEqualTo(files.policy());
  }

  @Test
  void aCeilingThatRefusesEmulationIsStronger() {
    files.acme("isolation: { vm: { emulation: allow } }");
    assertThat(files.policy().isolation().emulation()).isEqualTo(Emulation.ALLOW);

    files.with("ceiling.yaml", "isolation: { vm: { emulation: refuse } }");
    assertThat(files.policy().isolation().emulation()).isEqualTo(Emulation.REFUSE);

    files.acme("").with("ceiling.yaml", "isolation: { vm: { emulation: allow } }");
    assertThat(files.policy().isolation().emulation()).isEqualTo(Emulation.REFUSE);
  }

  @Test
  void processorsAreThoseInBothAndTheCeilingsWhereNothingIs() {
    files
        .acme("sandbox: { cpuset.cpus: '0-3', cpu.weight: 500 }")
        .with("ceiling.yaml", "sandbox: { cpuset.cpus: '2-5', cpu.weight: 200 }");
    assertThat(files.policy().sandbox().tuning().cpus()).contains(IndexSet.of(2, 3));
    assertThat(files.policy().sandbox().tuning().cpuWeight()).isEqualTo(200);

    files.acme("sandbox: { cpuset.cpus: '0-1' }");
    assertThat(files.policy().sandbox().tuning().cpus()).contains(IndexSet.of(2, 3, 4, 5));

    files.acme("");
    assertThat(files.explained("sandbox.cpuset.cpus")).startsWith("'2-5' from ceiling.yaml:1");
  }

  private static String rule(String kind, StrategyChoice strategy) {
    return "{when: {kind: " + kind + "}, strategy: " + strategy.key() + "}";
  }

  /** The strategies of scripts, plugins and commands. */
  private List<StrategyChoice> strategies(String tenant, String ceiling) {
    files.acme("isolation: {" + tenant + "}").with("ceiling.yaml", "isolation: {" + ceiling + "}");
    IsolationPolicy isolation = files.policy().isolation();
    return Arrays.stream(WorkloadKind.values()).map(isolation::strategyFor).toList();
  }
}
