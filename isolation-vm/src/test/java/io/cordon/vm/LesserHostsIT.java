package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.ProcessStrategyProvider;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider.Context;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What the strategy {@code process} says, and does, on hosts that have less than this one: a guest
 * is made such a host, one way after the other. Attack 100 is a host without user namespaces, and
 * 101 one whose control groups nobody has handed over.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(900)
class LesserHostsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MEMORY_MIB = 1024;
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** What is done to the host, what is undone afterwards, and its name. */
  private record Lack(String name, String before, String after) {}

  private static final List<Lack> LACKS =
      List.of(
          new Lack("nothing", "true", "true"),
          new Lack(
              "read-only groups",
              "mount -o remount,ro /sys/fs/cgroup",
              "mount -o remount,rw /sys/fs/cgroup"),
          new Lack("masked proc", "mount -t tmpfs none /proc/bus", "umount /proc/bus"),
          new Lack(
              "no user namespaces",
              "echo 0 > /proc/sys/user/max_user_namespaces",
              "echo 9 > /proc/sys/user/max_user_namespaces"));

  private static final String TITLE = "### ";

  private final Map<String, String> reports = new HashMap<>();

  @BeforeAll
  void askAll() throws IOException {
    TestGuest guest = TestGuest.onKernel(GuestKernels.CLOUD);
    RootTree root = GuestFiles.addJava(GuestFiles.base());
    GuestFiles.addPackages(root, GuestFiles.usualPackages());
    GuestFiles.addPackages(root, List.of("mount"));
    String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
    String ask =
        GuestFiles.quoted(GuestFiles.java(classPath, SMALL).main(Reporter.class)) + " || exit 3";
    String script =
        LACKS.stream()
            .map(
                lack ->
                    Stream.of("echo '" + TITLE + lack.name() + "'", lack.before(), ask)
                            .collect(Collectors.joining("\n"))
                        + "\n"
                        + lack.after())
            .collect(Collectors.joining("\n", "set -e\n", "\n"));
    TestGuest.Run run =
        guest
            .echoingTo(System.out)
            .run(root, List.of("/bin/sh", "-c", script), MEMORY_MIB, PATIENCE);
    assertThat(run.exitStatus()).isZero();
    for (String part : run.output().replace("\r", "").split(TITLE, -1)) {
      int line = part.indexOf('\n');
      if (line > 0) {
        reports.put(part.substring(0, line), part.substring(line + 1));
      }
    }
  }

  /** The control: it is for what it lacks that the others are told something else. */
  @Test
  void hostThatLacksNothingHasGroupsAndNamespaces() {
    assertThat(reports.get("nothing"))
        .startsWith("usable true tier cgroup-v2\n")
        .contains("user-namespace IN_FORCE", "new-root IN_FORCE", "cgroup-memory IN_FORCE")
        .contains("insists: succeeded", "accepts: succeeded")
        .endsWith("a cell ended with Exited[status=0]\n");
  }

  @Test
  void groupsThatCanOnlyBeReadLeaveCellsToBeWatched() {
    assertThat(reports.get("read-only groups"))
        .startsWith("usable true tier rlimit\n")
        .contains("user-namespace IN_FORCE", "new-root IN_FORCE")
        .containsPattern("cgroup-memory (ADVISORY|MISSING) [^\n]*/sys/fs/cgroup")
        .containsPattern("insists: refused with layer-missing: [^\n]*cgroup")
        .containsPattern("accepts: succeeded on rlimit with [^\n]*cgroup-memory")
        .endsWith("a cell ended with Exited[status=0]\n");
  }

  @Test
  void maskedProcIsARefusalThatNamesTheRemedy() {
    assertThat(reports.get("masked proc"))
        .startsWith("usable false")
        .containsPattern("new-root MISSING step 'mount proc' failed: EPERM.*systempaths=unconfined")
        .contains("user-namespace IN_FORCE", "seccomp IN_FORCE")
        .containsPattern("insists: refused with strategy-unusable: [^\n]*it lacks ")
        .containsPattern("accepts: refused with strategy-unusable: [^\n]*it lacks ")
        .containsPattern("refused with [A-Z_]+: [^\n]*mount proc");
  }

  @Test
  void withoutUserNamespacesNothingIsLaunched() {
    assertThat(reports.get("no user namespaces"))
        .startsWith("usable false")
        .containsPattern("user-namespace MISSING unshare: ENOSPC .*user.max_user_namespaces=")
        .contains("pid-namespace MISSING", "new-root MISSING", "seccomp IN_FORCE")
        .containsPattern("insists: refused with strategy-unusable: [^\n]*it lacks ")
        .containsPattern("accepts: refused with strategy-unusable: [^\n]*it lacks ")
        .containsPattern("refused with [A-Z_]+: ");
  }

  /** Runs in the guest: tells what its host is, and what becomes of a cell there. */
  static final class Reporter {
    private static final CellSpec TRUE =
        new CellSpec(
            "acme",
            "true",
            new Program.Native(List.of("true")),
            Map.of(),
            List.of(),
            Lab.SMALL,
            Duration.ofSeconds(60));

    /** One tenant that has a minimum, and one that takes what there is. */
    private static final Map<String, String> TENANTS =
        Map.of(
            "insists",
            "tenant: insists\nisolation: { strategy: process, require: [namespaces, cgroup] }\n",
            "accepts",
            "tenant: accepts\nisolation: { strategy: process }\n");

    private Reporter() {}

    private static void tellOfTenants(Path cache) throws IOException {
      Path policies = Files.createTempDirectory("policies");
      for (Map.Entry<String, String> tenant : TENANTS.entrySet()) {
        Files.writeString(policies.resolve(tenant.getKey() + ".yaml"), tenant.getValue());
      }
      try (Sandboxes sandboxes = Sandboxes.builder(policies).cache(cache).open()) {
        for (String tenant : TENANTS.keySet()) {
          System.out.println(tenant + ": " + told(sandboxes.tenant(tenant)));
        }
      }
    }

    private static String told(Tenant tenant) {
      Outcome<Exit> outcome = tenant.submit(Command.of("true")).outcome();
      Isolation isolation = outcome.report().isolation();
      return switch (outcome) {
        case Outcome.Succeeded<Exit> succeeded ->
            "succeeded on %s with %s not in force"
                .formatted(
                    isolation.tier(),
                    isolation.layers().stream()
                        .filter(layer -> layer.state() != Layer.State.IN_FORCE)
                        .map(Layer::name)
                        .toList());
        case Outcome.Refused<Exit> refused ->
            "refused with %s: %s".formatted(refused.code().id(), refused.reason());
        default -> outcome.toString();
      };
    }

    public static void main(String[] arguments) throws IOException {
      Path cache = Files.createTempDirectory("cache");
      try (IsolationStrategy strategy =
          new ProcessStrategyProvider().open(new Context(cache, line -> {}))) {
        StrategyReport report = strategy.report();
        System.out.printf("usable %s tier %s%n", report.usable(), report.tier());
        for (Layer layer : report.layers()) {
          System.out.printf(
              "%s %s %s %s%n", layer.name(), layer.state(), layer.detail(), layer.remedy());
        }
        tellOfTenants(Files.createTempDirectory("cache"));
        try (Cell cell = strategy.launch(TRUE)) {
          System.out.println("a cell ended with " + cell.exit().join());
        } catch (SandboxException e) {
          System.out.println("refused with " + e.code() + ": " + e.getMessage());
        }
      }
    }
  }
}
