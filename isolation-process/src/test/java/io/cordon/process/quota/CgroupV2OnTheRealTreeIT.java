package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What version 2 does of itself, also on a hybrid host that has all controllers in version 1: who
 * is in a group, what time they had, and their end.
 */
class CgroupV2OnTheRealTreeIT {
  private static final String FORKS_ALL_THE_TIME =
      """
      import os, time
      print('up', flush=True)
      for _ in range(5):
          os.fork()
      while True:
          if os.fork() == 0:
              os._exit(0)
          os.wait()
      """;

  private final CgroupV2 version = new CgroupV2();
  private final GroupRemoval removal =
      new GroupRemoval(version, Host.SIGNALS, Duration.ofSeconds(30));
  private ControlGroup group = new ControlGroup(Path.of("/none"), GroupFiles.KERNEL);

  @BeforeEach
  void makeAGroup() throws Exception {
    OwnGroups own = OwnGroups.of(Path.of("/proc/self"));
    assumeTrue(own.v2().isPresent(), "needs a mounted tree of version 2");
    Path directory = own.v2().orElseThrow();
    assumeTrue(Files.isWritable(directory), "needs " + directory + " to be writable");
    group =
        new ControlGroup(directory, GroupFiles.KERNEL)
            .child("test-" + ProcessHandle.current().pid());
    group.create();
  }

  @AfterEach
  void removeIt() throws Exception {
    if (Files.exists(group.directory())) {
      removal.destroy(group);
    }
  }

  private JoinedProcess joined(String program) throws Exception {
    return JoinedProcess.python(
        new JoinOnly(List.of(group.directory().resolve(version.joinFile()))), program);
  }

  @Test
  void aKillReachesWhoForksMeanwhile() throws Exception {
    assumeTrue(group.has("cgroup.kill"), "needs Linux 5.14 for cgroup.kill");
    try (JoinedProcess forks = joined(FORKS_ALL_THE_TIME)) {
      assertThat(forks.line()).isEqualTo("up");
      assertThat(group.processes()).contains(forks.pid());

      version.kill(
          List.of(group),
          (pid, signal) -> {
            throw new AssertionError("the kernel does it");
          });

      assertThat(forks.exit()).isEqualTo(128 + 9);
      removal.remove(group);
      assertThat(group.directory()).doesNotExist();
    }
  }

  @Test
  void timeIsCountedWithoutAController() throws Exception {
    try (JoinedProcess spinner = joined("sum(range(3000000))");
        CpuMeter meter = version.cpu(group)) {
      assertThat(spinner.exit()).isZero();

      assertThat(meter.time().user()).isPositive();
    }
  }

  /** A place to join, and nothing else. */
  private record JoinOnly(List<Path> joinFiles) implements CellQuota {
    @Override
    public void started(long initPid) {}

    @Override
    public Optional<Path> birthGroup() {
      return Optional.empty();
    }

    @Override
    public void onEvent(Runnable told) {}

    @Override
    public Optional<Usage.Pressure> pressure() {
      return Optional.empty();
    }

    @Override
    public QuotaCounters counters() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void kill() {}

    @Override
    public void close() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void resize(SandboxLimits limits) {}
  }
}
