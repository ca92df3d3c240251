package io.cordon.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.harness.TestCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Many clones of one template, some of which end in every way that there is: each end is told as
 * what it was, and nothing is left. {@code -Dcordon.vm.it.clones} says how many, {@code
 * -Dcordon.vm.it.seed} repeats a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class ManyClonesIT {
  private static final int CLONES = Integer.getInteger("cordon.vm.it.clones", 40);
  private static final int ACCIDENTS = CLONES / 4;
  private static final int WARM_UP = 3;

  // About what a launch takes here: so that accidents happen before, in and after it.
  private static final int LATEST_MICROS = 400_000;

  private enum Accident {
    VMM_KILLED,
    GUEST_PANICKED,
    LAUNCH_INTERRUPTED,
    CELL_KILLED
  }

  private Lab lab;

  @BeforeAll
  void open() {
    lab = Lab.open();
  }

  @AfterAll
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private static CellSpec waiting(int number) {
    return Lab.shell("clone-" + number, "echo ready; cat");
  }

  @Test
  void nothingIsLeftHoweverTheyEnd() throws Exception {
    long seed = Long.getLong("cordon.vm.it.seed", System.nanoTime());
    System.out.printf("%d clones, %d accidents, seed %d%n", CLONES, ACCIDENTS, seed);
    Random random = new Random(seed);
    Set<Path> groups = new HashSet<>();
    for (int i = 0; i < WARM_UP; i++) {
      live(i, groups);
    }
    lab.host().shelf().written().join(); // which has files open
    List<String> descriptors = Lab.descriptors();
    Set<Path> files = files();
    Set<Integer> unlucky = new HashSet<>();
    while (unlucky.size() < ACCIDENTS) {
      unlucky.add(random.nextInt(CLONES));
    }
    Map<Accident, Integer> happened = new EnumMap<>(Accident.class);
    int inLaunch = 0;
    for (int i = 0; i < CLONES; i++) {
      if (unlucky.contains(i)) {
        Accident accident = Accident.values()[random.nextInt(Accident.values().length)];
        happened.merge(accident, 1, Integer::sum);
        inLaunch += die(i, accident, random.nextInt(LATEST_MICROS)) ? 0 : 1;
      } else {
        live(i, groups);
      }
    }
    System.out.printf(
        "accidents: %s, %d of them before the launch was through%n", happened, inLaunch);
    assertThat(Lab.machines()).as("processes of machines").isEmpty();
    assertThat(groups).as("control groups of machines").allMatch(Files::notExists);
    assertThat(Lab.descriptors()).as("descriptors").isEqualTo(descriptors);
    assertThat(files()).as("files").isEqualTo(files);
    assertThat(threads()).as("threads of cells").isEmpty();
  }

  private void live(int number, Collection<Path> groups) throws IOException {
    try (VmCell cell = lab.strategy().launch(waiting(number))) {
      for (ProcessHandle machine : Lab.machines()) {
        groups.addAll(Lab.groupsOf(machine.pid()));
      }
      assertThat(Lab.outputOf(cell)).isEqualTo("ready\n");
      assertThat(cell.exit().join()).isEqualTo(new CellExit.Exited(0));
    }
  }

  /** Whether it came to run before. */
  private boolean die(int number, Accident accident, int afterMicros) throws Exception {
    Thread launching = Thread.currentThread();
    Thread fate =
        switch (accident) {
          case VMM_KILLED -> later(afterMicros, ManyClonesIT::killMachine);
          case LAUNCH_INTERRUPTED -> later(afterMicros, launching::interrupt);
          case GUEST_PANICKED, CELL_KILLED -> later(0, () -> {});
        };
    try (VmCell cell = lab.strategy().launch(waiting(number))) {
      switch (accident) {
        case VMM_KILLED -> {
          CellExit exit = cell.exit().get(60, TimeUnit.SECONDS);
          assertThat(exit)
              .isInstanceOfSatisfying(
                  CellExit.Broke.class,
                  broke -> {
                    assertThat(broke.part()).isEqualTo(CellExit.Part.VIRTUAL_MACHINE);
                    assertThat(broke.signal()).isEqualTo(9);
                  });
          assertThat(cell.stdout().readAllBytes().length).isLessThanOrEqualTo(6);
        }
        case GUEST_PANICKED -> {
          TimeUnit.MICROSECONDS.sleep(afterMicros / 4);
          var _ = GuestAttack.order(cell, GuestAttack.panic());
          CellExit exit = cell.exit().get(60, TimeUnit.SECONDS);
          assertThat(exit)
              .isInstanceOfSatisfying(
                  CellExit.Broke.class,
                  broke -> {
                    assertThat(broke.part()).isEqualTo(CellExit.Part.GUEST_KERNEL);
                    assertThat(broke.signal()).isZero();
                    assertThat(broke.description()).contains("sysrq triggered crash");
                  });
        }
        case CELL_KILLED -> {
          TimeUnit.MICROSECONDS.sleep(afterMicros / 4);
          cell.kill();
          assertThat(cell.exit().get(60, TimeUnit.SECONDS)).isEqualTo(new CellExit.Killed());
        }
        case LAUNCH_INTERRUPTED -> {} // it came too late, and the cell is closed
      }
      return true;
    } catch (SandboxException e) {
      assertThat(accident).isIn(Accident.VMM_KILLED, Accident.LAUNCH_INTERRUPTED);
      assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED);
      return false;
    } finally {
      fate.interrupt(); // unless it struck
      while (fate.isAlive()) {
        Thread.onSpinWait();
      }
      Thread.interrupted(); // which may have been meant for the launch
    }
  }

  private interface Fate {
    void strike();
  }

  private static Thread later(int micros, Fate fate) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                TimeUnit.MICROSECONDS.sleep(micros);
              } catch (InterruptedException e) {
                return;
              }
              fate.strike();
            });
  }

  private static void killMachine() {
    for (int looked = 0; looked < 2000; looked++) {
      List<ProcessHandle> machines = Lab.machines();
      if (!machines.isEmpty()) {
        machines.forEach(ProcessHandle::destroyForcibly);
        return;
      }
    }
  }

  /** Where a strategy keeps what it makes. */
  private static Set<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(TestCache.directory(), 2)) {
      return new HashSet<>(found.toList());
    }
  }

  private static List<String> threads() throws InterruptedException {
    List<Thread> ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(each -> each.getName().matches("cordon-(guest|vm|qmp|template)-.*"))
            .toList();
    for (Thread each : ours) {
      each.join(TimeUnit.SECONDS.toMillis(20)); // they end when they have read the end
    }
    return ours.stream().filter(Thread::isAlive).map(Thread::getName).toList();
  }

  @Test
  void killedHostTakesItsMachinesWithIt() throws Exception {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Host.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<ProcessHandle> processes = new ArrayList<>();
    List<Path> groups = new ArrayList<>();
    try (var lines = new BufferedReader(new InputStreamReader(host.getInputStream(), UTF_8))) {
      assertThat(lines.lines().anyMatch(line -> line.equals("ready"))).isTrue();
      processes.addAll(host.descendants().toList());
      List<ProcessHandle> machines = Lab.machinesBelow(host.toHandle());
      assertThat(machines).hasSize(Host.CLONES);
      for (ProcessHandle machine : machines) {
        groups.addAll(Lab.groupsOf(machine.pid()));
      }
      host.destroyForcibly().waitFor();
      for (ProcessHandle process : processes) {
        process.onExit().get(60, TimeUnit.SECONDS);
        assertThat(process.isAlive()).isFalse();
      }
    } finally {
      host.destroyForcibly();
    }
    // Nobody was left to remove the groups: the next one to open a strategy does.
    try (Lab next = Lab.open()) {
      next.strategy().launch(waiting(0)).close();
      assertThat(groups).as("control groups of the dead").allMatch(Files::notExists);
    }
  }

  /** The host that is to die, with clones that run and one that is paused. */
  static final class Host {
    static final int CLONES = 3;

    private Host() {}

    public static void main(String[] arguments) {
      Lab lab = Lab.open();
      List<VmCell> cells = new ArrayList<>();
      for (int i = 0; i < CLONES; i++) {
        cells.add(lab.strategy().launch(waiting(i)));
      }
      cells.getFirst().pause();
      System.out.println("ready");
      cells.getLast().exit().join();
    }
  }
}
