package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.IsolationPolicy.StrategyOverride;
import io.cordon.policy.TaskLimits.DenyAction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
  private PolicyFiles files;

  @BeforeEach
  void directory(@TempDir Path directory) {
    files = new PolicyFiles(directory);
  }

  @Test
  void everyKeyReachesThePolicy() {
    files.with(
        "acme.yaml",
        """
        tenant: acme
        isolation:
          strategy: process
          require: [namespaces, seccomp, landlock, cgroup]
          overrides:
            - when: { kind: command }
              strategy: vm
        limits:
          tasks.concurrent: 8
          tasks.rate: 50/s
          tasks.queue: { max: 100, wait: 500ms }
          cpu.budget: 30min per 1h
          cpu.max: 1500m
          memory.max: 1Gi
          pids.max: 256
        sandbox:
          cpu.max: 500m
          memory.max: 256Mi
          pids.max: 64
          disk.max: { bytes: 64M, inodes: 10k }
          files.max: 256
          cpu.weight: 50
          cpuset.cpus: 0-1,3
          cpuset.mems: 0
          memory.high: 128Mi
          memory.swap.max: 1Mi
          io.max: { rbps: 20Mi, wbps: 10Mi, riops: 100, wiops: 50 }
          io.weight: 200
        task:
          wall.max: 2min
          cpu.time: 250ms
          output.max: 1Mi
          start.max: 10s
          onDeny: kill
        script: { statements: 10M, stack.depth: 512 }
        environment: [LANG, TZ]
        """);

    assertThat(files.policy())
        .isEqualTo(
            new Policy(
                "acme",
                new IsolationPolicy(
                    StrategyChoice.PROCESS,
                    Set.of(Protection.values()),
                    List.of(new StrategyOverride(WorkloadKind.COMMAND, StrategyChoice.VM))),
                new TenantLimits(
                    new AdmissionLimits(
                        OptionalInt.of(8),
                        Optional.of(new TaskRate(50, Duration.ofSeconds(1))),
                        Optional.of(new CpuBudget(Duration.ofMinutes(30), Duration.ofHours(1))),
                        new AdmissionLimits.Queue(100, Duration.ofMillis(500))),
                    OptionalLong.of(1500),
                    OptionalLong.of(1L << 30),
                    OptionalInt.of(256)),
                new SandboxLimits(
                    500,
                    256L << 20,
                    64,
                    new SandboxLimits.Disk(64_000_000, 10_000),
                    new SandboxLimits.Tuning(
                        50,
                        Optional.of(IndexSet.of(0, 1, 3)),
                        Optional.of(IndexSet.of(0)),
                        OptionalLong.of(128L << 20),
                        1 << 20,
                        new SandboxLimits.Io(
                            OptionalLong.of(20 << 20),
                            OptionalLong.of(10 << 20),
                            OptionalLong.of(100),
                            OptionalLong.of(50)),
                        200,
                        256)),
                new TaskLimits(
                    Duration.ofMinutes(2),
                    Optional.of(Duration.ofMillis(250)),
                    1L << 20,
                    Duration.ofSeconds(10),
                    DenyAction.KILL),
                new ScriptLimits(OptionalLong.of(10_000_000), OptionalInt.of(512)),
                Set.of("LANG", "TZ")));
  }

  @Test
  void aFileThatSaysNothingGetsTheBuiltInDefaults() {
    files.acme("");

    assertThat(files.policy())
        .isEqualTo(
            new Policy(
                "acme",
                new IsolationPolicy(
                    StrategyChoice.AUTO,
                    Set.of(Protection.NAMESPACES, Protection.SECCOMP),
                    List.of()),
                new TenantLimits(OptionalInt.empty()),
                new SandboxLimits(1000, 256L << 20, 64, new SandboxLimits.Disk(64L << 20, 10_000)),
                new TaskLimits(
                    Duration.ofSeconds(5),
                    Optional.empty(),
                    1L << 20,
                    Duration.ofSeconds(10),
                    DenyAction.CONTINUE),
                ScriptLimits.NONE,
                Set.of()));
  }

  @Test
  void allProblemsAreReportedInTheOrderOfTheFile() {
    files.acme(
        """
        sandbox:
          memory.mx: 1Gi
          memory.max: 256m
          io.max: { rbps: 20 Mi }
        task: { wall.max: 5 }
        task: {}
        """);

    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:3:3: UNKNOWN_KEY: 'memory.mx' is not a key of sandbox: did you mean"
                + " memory.max?",
            "acme.yaml:4:15: BAD_VALUE: sandbox.memory.max: '256m' is not an amount that fits here;"
                + " did you mean 256Mi?",
            "acme.yaml:5:19: BAD_VALUE: sandbox.io.max.rbps: '20 Mi' is not an amount that fits"
                + " here; did you mean 20Mi?",
            "acme.yaml:6:19: BAD_VALUE: task.wall.max: '5' is not an amount that fits here; did you"
                + " mean 5s?",
            "acme.yaml:7:1: DUPLICATE_KEY: the key 'task' is already in line 6");
  }
}
