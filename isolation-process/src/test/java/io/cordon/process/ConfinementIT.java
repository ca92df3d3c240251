package io.cordon.process;

import static io.cordon.process.CellRun.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel says of a cell, read from inside. */
@ExtendWith(Cells.class)
class ConfinementIT {

  @Test
  void unprivilegedForGood(IsolationStrategy strategy) {
    assertThat(run(strategy, "cat /proc/self/status"))
        .contains(
            "Uid:\t1000\t1000\t1000\t1000",
            "Gid:\t1000\t1000\t1000\t1000",
            "CapInh:\t0000000000000000",
            "CapPrm:\t0000000000000000",
            "CapEff:\t0000000000000000",
            "CapBnd:\t0000000000000000",
            "CapAmb:\t0000000000000000",
            "NoNewPrivs:\t1",
            "Seccomp:\t2");
  }

  @Test
  void rootOfTheHostIsNobodyInside(IsolationStrategy strategy) {
    assertThat(run(strategy, "cat /proc/self/uid_map /proc/self/gid_map; cat /proc/self/setgroups"))
        .satisfiesExactly(
            line -> assertThat(line.strip()).matches("1000 +[0-9]+ +1").doesNotMatch(".* 0 +1"),
            line -> assertThat(line.strip()).matches("1000 +[0-9]+ +1").doesNotMatch(".* 0 +1"),
            line -> assertThat(line).isEqualTo("deny"));
  }

  @Test
  void everyNamespaceIsItsOwn(IsolationStrategy strategy) throws IOException {
    List<String> inside = run(strategy, "cd /proc/self/ns; for n in *; do readlink $n; done");
    assertThat(inside).hasSizeGreaterThanOrEqualTo(8);
    try (Stream<Path> links = Files.list(Path.of("/proc/self/ns"))) {
      for (Path link : (Iterable<Path>) links::iterator) {
        assertThat(inside).doesNotContain(Files.readSymbolicLink(link).toString());
      }
    }
  }

  @Test
  void seesItsOwnProcessesAlone(IsolationStrategy strategy) {
    // The shell is the only one: init is hidden from it.
    assertThat(run(strategy, "cd /proc; echo [0-9]*; echo $$")).containsExactly("2", "2");
  }

  @Test
  void holdsNoDescriptorButItsStreams(IsolationStrategy strategy) {
    assertThat(run(strategy, "exec ls /proc/self/fd"))
        .containsExactly("0", "1", "2", "3"); // 3 is what ls itself opens
  }

  @Test
  void onlyScratchIsWritable(IsolationStrategy strategy) {
    List<String> mounts = run(strategy, "cat /proc/self/mountinfo");
    assertThat(mounts)
        .allSatisfy(
            line -> {
              String[] fields = line.split(" ", -1);
              List<String> options = List.of(fields[5].split(",", -1));
              assertThat(options).as(line).contains("nosuid");
              switch (fields[4]) {
                case "/work", "/tmp", "/proc" ->
                    assertThat(options).as(line).contains("rw", "nodev", "noexec");
                case "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" ->
                    assertThat(options).as(line).contains("ro", "noexec");
                default -> assertThat(options).as(line).contains("ro", "nodev");
              }
            })
        // Nothing comes in from the host, and nothing goes out.
        .noneMatch(line -> line.contains(" shared:") || line.contains(" master:"));
    assertThat(run(strategy, "touch /x /usr/x /etc/x /dev/x /proc/x 2>/dev/null; ls /x; true"))
        .isEmpty();
  }

  @Test
  void seesLittleOfTheHost(IsolationStrategy strategy) {
    assertThat(run(strategy, "cd /; ls"))
        .contains("dev", "etc", "proc", "tmp", "usr", "work")
        .doesNotContain("home", "root", "var", "run", "sys", "opt", "mnt", "boot", "srv");
    assertThat(run(strategy, "cat /etc/passwd /etc/group; ls /etc/shadow /etc/hostname 2>&1"))
        .containsExactly(
            "cell:x:1000:1000:cell:/work:/bin/sh",
            "cell:x:1000:",
            "ls: cannot access '/etc/shadow': No such file or directory",
            "ls: cannot access '/etc/hostname': No such file or directory");
  }

  @Test
  void procHoldsProcessesAndNothingElse(IsolationStrategy strategy) {
    assertThat(run(strategy, "cd /proc; ls -d [a-z]*")).containsExactly("self", "thread-self");
  }

  @Test
  void devIsMinimal(IsolationStrategy strategy) {
    assertThat(run(strategy, "ls /dev; echo discarded > /dev/null; head -c 3 /dev/zero | wc -c"))
        .containsExactly(
            "fd", "full", "null", "random", "shm", "stderr", "stdin", "stdout", "urandom", "zero",
            "3");
    assertThat(run(strategy, "echo to stdout > /dev/stdout; cat < /dev/stdin"))
        .containsExactly("to stdout");
  }

  @Test
  void environmentIsWhatWasSpecified(IsolationStrategy strategy) {
    CellSpec plain = CellRun.command("env");
    CellSpec spec =
        new CellSpec(
            plain.tenant(),
            plain.name(),
            plain.program(),
            Map.of("LANG", "C.UTF-8"),
            plain.inputs(),
            plain.limits(),
            plain.startMax());
    assertThat(CellRun.of(strategy, spec).out().lines())
        .containsExactlyInAnyOrder(
            "HOME=/work", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", "TMPDIR=/tmp");
  }

  @Test
  void namesAndPlaces(IsolationStrategy strategy) {
    assertThat(run(strategy, "uname -n; pwd; umask; stat -c '%u %g %a' /work /tmp"))
        .containsExactly("cell-1", "/work", "0022", "1000 1000 755", "1000 1000 1777");
  }

  @Test
  void networkIsEmpty(IsolationStrategy strategy) {
    assertThat(run(strategy, "tail -n +3 /proc/self/net/dev | cut -d: -f1 | tr -d ' '"))
        .allMatch(name -> !name.matches("eth.*|en.*|wl.*|veth.*|docker.*"));
    assertThat(run(strategy, "cat /proc/self/net/if_inet6; tail -n +2 /proc/self/net/route"))
        .isEmpty();
  }

  @Test
  void noCoreFilesAndFewDescriptors(IsolationStrategy strategy) {
    assertThat(run(strategy, "ulimit -c; ulimit -n; ulimit -l")).containsExactly("0", "1024", "0");
  }

  @Test
  void initIsOutOfReach(IsolationStrategy strategy) {
    assertThat(
            run(
                strategy,
                "ls /proc/1 2>&1; kill -9 1 2>&1; kill -STOP 1 2>&1; kill -TERM 1; echo alive"))
        .contains("ls: cannot access '/proc/1': No such file or directory", "alive");
  }

  private static List<String> run(IsolationStrategy strategy, String script) {
    CellRun run = CellRun.of(strategy, shell(script));
    return run.out().lines().toList();
  }
}
