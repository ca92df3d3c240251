package io.cordon.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.qemu.SavedMachine;
import io.cordon.vm.qemu.SavedMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What tenants do who have a guest to themselves, and are root of it. Attack 91 is {@link
 * ClonesDifferIT}; 94 is {@code VmmIT.monitorIsConfined}; 97 {@code TemplateFilesTest} and {@code
 * VmmIT.stateThatIsCutOffIsNotTakenUp}; 100 and 101 are {@link VmHostTest}; 102 is the engine's
 * {@code StrategySelectorTest}, with the verdict of {@code KvmProbeIT}, and {@link NoKvmIT}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GuestAttacksIT {
  private static final long SECONDS = 60;

  private Lab lab;

  @BeforeAll
  void open() {
    lab = Lab.open();
  }

  @AfterEach
  void noMachineIsLeft() {
    assertThat(Lab.machines()).isEmpty();
  }

  @AfterAll
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private VmCell launch(String script) {
    return lab.strategy().launch(Lab.shell("attacker", script));
  }

  private static CellExit exitOf(VmCell cell) throws Exception {
    return cell.exit().get(SECONDS, TimeUnit.SECONDS);
  }

  /** Attack 92: snapshot-secret. */
  @Test
  void templateHasNothingOfWhatItsClonesAreGiven() throws Exception {
    String canary = "canary-" + UUID.randomUUID();
    CellSpec spec =
        Lab.given(
            "secretive",
            "cell",
            Lab.program("/bin/sh", "-c", "cat in; echo $SECRET; # " + canary),
            Map.of("SECRET", canary),
            List.of(new InputFile("in", (canary + "\n").getBytes(US_ASCII))),
            Lab.SMALL);
    try (VmCell cell = lab.strategy().launch(spec)) { // which boots the template, too
      assertThat(Lab.outputOf(cell)).isEqualTo(canary + "\n" + canary + "\n");
    }
    SavedMachine saved = lab.strategy().template(spec).saved();
    assertThat(SavedMemory.contains(lab.kernel(), saved, canary.getBytes(US_ASCII))).isFalse();
    byte[] control = ("Linux version " + lab.host().kernel().release()).getBytes(US_ASCII);
    assertThat(SavedMemory.contains(lab.kernel(), saved, control)).as("the control").isTrue();
  }

  /** Attack 93: template-sharing. */
  @Test
  void tenantsNeverShareATemplate() {
    Program program = Lab.program("/bin/sh", "-c", "true");
    Template first = lab.strategy().template(Lab.spec("acme", "one", program, Lab.SMALL));
    Template other = lab.strategy().template(Lab.spec("umbrella", "one", program, Lab.SMALL));
    Template again = lab.strategy().template(Lab.spec("acme", "two", program, Lab.SMALL));
    assertThat(other.saved()).isNotSameAs(first.saved());
    assertThat(again).as("the control").isSameAs(first);
  }

  /** Attack 95: panic-loop. */
  @Test
  void eachPanicIsOneVerdictAndNothingIsStartedAnew() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (VmCell cell = launch("cat")) {
        long pid = Lab.machines().getFirst().pid();
        var _ = GuestAttack.order(cell, GuestAttack.panic());
        assertThat(exitOf(cell))
            .isInstanceOfSatisfying(
                CellExit.Broke.class,
                broke -> assertThat(broke.part()).isEqualTo(CellExit.Part.GUEST_KERNEL));
        assertThat(Files.exists(Path.of("/proc", Long.toString(pid)))).isFalse();
        assertThat(Lab.machines()).as("nothing in its place").isEmpty();
      }
    }
    try (VmCell cell = launch("echo well")) {
      assertThat(Lab.outputOf(cell)).as("the control").isEqualTo("well\n");
      assertThat(exitOf(cell)).isEqualTo(new CellExit.Exited(0));
    }
  }

  /** Attacks 96 and 98: a flood on the console, each byte of which leaves the guest. */
  @Test
  void floodOfTheConsoleCostsTheTenantAndNotThisHost() throws Exception {
    try (VmCell idle = lab.strategy().launch(Lab.shell("idle", "cat"));
        VmCell cell = launch("cat")) {
      answers(idle);
      long heapBefore = heap();
      long idleBefore = cpuNanos(idle);
      long before = cpuNanos(cell);
      var _ = GuestAttack.order(cell, GuestAttack.flood("/dev/ttyS0", "x".repeat(4096)));
      while (cpuNanos(cell) - before < TimeUnit.SECONDS.toNanos(2)) {
        TimeUnit.MILLISECONDS.sleep(20); // until it is charged, or the test's time is over
      }
      answers(idle);
      long idled = cpuNanos(idle) - idleBefore;
      long flooded = cpuNanos(cell) - before;
      System.out.printf("charged: the flood %,d ns, its idle neighbour %,d ns%n", flooded, idled);
      assertThat(heap() - heapBefore).as("growth of the heap").isLessThan(16 << 20);
      assertThat(idled)
          .as("the control: what a neighbour is charged that runs meanwhile")
          .isPositive()
          .isLessThan(flooded / 2);
      cell.kill();
      assertThat(exitOf(cell)).isEqualTo(new CellExit.Killed());
    }
  }

  /** That a guest runs is no more than an echo. */
  private static void answers(VmCell cell) throws IOException {
    byte[] line = "well\n".getBytes(US_ASCII);
    cell.stdin().write(line);
    cell.stdin().flush();
    assertThat(cell.stdout().readNBytes(line.length)).isEqualTo(line);
  }

  private static long cpuNanos(VmCell cell) {
    CellCounters counters = cell.counters();
    return counters.cpuUserNanos() + counters.cpuSystemNanos();
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Attack 96: what nobody reads waits in the guest. */
  @Test
  void floodOfAPortWaitsForItsReader() throws Exception {
    try (VmCell cell = launch("while :; do echo 0123456789012345678901234567890; done")) {
      long before = heap();
      assertThat(cell.stdout().readNBytes(1 << 20)).as("the control").hasSize(1 << 20);
      long charged = cpuNanos(cell);
      while (cpuNanos(cell) - charged < TimeUnit.MILLISECONDS.toNanos(300)
          && cell.counters().memoryCurrent().isPresent()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(heap() - before).as("growth of the heap").isLessThan(16 << 20);
      cell.kill();
      assertThat(exitOf(cell)).isEqualTo(new CellExit.Killed());
    }
  }

  /** Attack 96: who breaks the protocol is not listened to any more, and ended. */
  @Test
  void nonsenseOnTheControlPortEndsTheCell() throws Exception {
    try (VmCell cell = launch("cat")) {
      var _ = GuestAttack.order(cell, GuestAttack.nonsense());
      assertThat(exitOf(cell))
          .isInstanceOfSatisfying(
              CellExit.Broke.class,
              broke -> {
                assertThat(broke.part()).isEqualTo(CellExit.Part.GUEST_KERNEL);
                assertThat(broke.description()).contains("protocol");
              });
    }
  }

  /** Attack 99: disk-swap. */
  @Test
  void rootDiskCannotBeWrittenTo() throws Exception {
    try (VmCell cell = launch("cat")) {
      CellSpec spec = Lab.shell("attacker", "cat");
      Path image = lab.strategy().template(spec).saved().hardware().disks().getFirst();
      String before = digest(image);
      assertThat(order(cell, GuestAttack.read("/dev/vda"))).as("the control").isEmpty();
      assertThat(order(cell, GuestAttack.write("/dev/kmsg", "x"))).as("the control").isEmpty();
      assertThat(order(cell, GuestAttack.write("/dev/vda", "x"))).hasSize(1);
      assertThat(order(cell, GuestAttack.unprotectAndWrite("/dev/vda", "x"))).hasSize(1);
      assertThat(digest(image)).isEqualTo(before);
      assertThat(Lab.outputOf(cell)).isEmpty();
      assertThat(exitOf(cell)).as("it goes on").isEqualTo(new CellExit.Exited(0));
    }
  }

  private static List<String> order(VmCell cell, io.cordon.process.plan.LaunchPlan plan)
      throws Exception {
    List<String> failed = GuestAttack.order(cell, plan).get(SECONDS, TimeUnit.SECONDS);
    System.out.println("in the guest: " + failed);
    return failed;
  }

  private static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static final String TAKE = "head -c %dm /dev/zero | tail -c %dm | wc -c";

  @Test
  void cellThatTakesTooMuchIsKilledByTheGuestsKernel() throws Exception {
    try (VmCell cell = launch(TAKE.formatted(64, 64))) {
      Lab.outputOf(cell);
      assertThat(exitOf(cell)).isEqualTo(new CellExit.Killed());
      assertThat(cell.counters().memoryKills()).isPositive();
      assertThat(cell.counters().memoryEvidence()).isEqualTo(Evidence.GUEST);
    }
    try (VmCell cell = launch(TAKE.formatted(4, 4))) {
      assertThat(Lab.outputOf(cell).strip()).as("the control").isEqualTo("4194304");
      assertThat(exitOf(cell)).isEqualTo(new CellExit.Exited(0));
      assertThat(cell.counters().memoryKills()).isZero();
    }
  }

  /** By others than the cell: nobody is left to kill, or the cell is what was killed. */
  @Test
  void guestThatHasNoMemoryLeftSaysSo() throws Exception {
    try (VmCell cell = launch("cat")) {
      var _ = GuestAttack.order(cell, GuestAttack.hoard());
      assertThat(exitOf(cell))
          .isInstanceOfSatisfying(
              CellExit.Broke.class,
              broke -> {
                assertThat(broke.part()).isEqualTo(CellExit.Part.GUEST_KERNEL);
                assertThat(broke.description()).containsIgnoringCase("memory");
              });
      assertThat(cell.counters().memoryKills()).isPositive();
      assertThat(cell.counters().memoryEvidence()).isEqualTo(Evidence.GUEST);
    }
  }

  @Test
  void machineThatTakesTooMuchIsKilledByTheHostsKernel() throws Exception {
    CellSpec spec =
        Lab.spec(
            "acme", "large", Lab.program("/bin/sh", "-c", TAKE.formatted(72, 72)), Lab.limits(128));
    try (VmCell cell = lab.cloneWithin(80 << 20, spec)) {
      assumeThat(cell.tier()).as("a host with control groups").startsWith("cgroup");
      cell.stdin().close();
      String said = new String(cell.stdout().readAllBytes(), UTF_8);
      CellExit exit = exitOf(cell);
      assertThat(said).isEmpty();
      assertThat(exit).isEqualTo(new CellExit.Killed());
      assertThat(cell.counters().memoryKills()).isPositive();
      assertThat(cell.counters().memoryEvidence()).isEqualTo(Evidence.KERNEL);
    }
    try (VmCell cell = lab.strategy().launch(spec)) {
      String said = Lab.outputOf(cell).strip();
      CellExit exit = exitOf(cell);
      assertThat(said).as("the control: %s, %s", exit, cell.counters()).isEqualTo("75497472");
      assertThat(exit).isEqualTo(new CellExit.Exited(0));
    }
  }
}
