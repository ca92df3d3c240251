package io.cordon.process;

import static io.cordon.process.CellRun.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.process.identity.HostIdentities;
import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.quota.CellQuota;
import io.cordon.process.quota.QuotaEnforcer;
import io.cordon.process.quota.QuotaEnforcers;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With version 2 a cell's first process is made in its group: it never has to move there. */
@Timeout(120)
class BornInItsGroupIT {

  /** There is no such file: who would have to write to it could not be launched. */
  private static final List<Path> NO_WAY_IN = List.of(Path.of("/nowhere/cgroup.procs"));

  @Test
  void aCellIsLaunchedAndCountedThoughNothingCanMoveIntoItsGroup(@TempDir Path cache) {
    Architecture architecture = Architecture.of("amd64").orElseThrow();
    Kernel kernel = Kernel.bind(architecture.systemCalls());
    try (TenantIdentities identities = HostIdentities.detect();
        QuotaEnforcer quotas = QuotaEnforcers.detect(Path.of("/proc"), kernel);
        SupervisorThreads threads = new SupervisorThreads()) {
      assumeTrue(
          quotas.tier().equals("cgroup-v2"),
          "needs control groups of version 2: into one of version 1 every process moves");
      Workshop workshop = new Workshop(kernel, architecture, cache, threads);
      CellSpec spec = shell("i=0; while [ $i -lt 10000 ]; do i=$((i+1)); done");

      Launch.Parts parts =
          new Launch(
                  workshop, new Tenancy(immovable(quotas), identities), spec, workshop.view(spec))
              .run();

      try (CellQuota quota = parts.quota();
          var identity = parts.identity();
          var directory = parts.workingDirectory()) {
        assertThat(parts.supervisor().ended().join().exit()).isEqualTo(new CellExit.Exited(0));
        assertThat(quota.counters().cpuUserNanos()).isPositive();
        assertThat(identity.uid()).isNotNegative();
        assertThat(directory.number()).isPositive();
      } finally {
        parts.streams().close();
      }
    }
  }

  /** The same enforcer, whose groups nobody can move into. */
  private static QuotaEnforcer immovable(QuotaEnforcer quotas) {
    return instead(
        QuotaEnforcer.class,
        quotas,
        (method, answer) ->
            answer instanceof CellQuota quota
                ? instead(
                    CellQuota.class,
                    quota,
                    (asked, its) -> asked.getName().equals("joinFiles") ? NO_WAY_IN : its)
                : answer);
  }

  private interface Answers {
    Object of(Method method, Object answer);
  }

  private static <T> T instead(Class<T> type, T real, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return answers.of(method, method.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
