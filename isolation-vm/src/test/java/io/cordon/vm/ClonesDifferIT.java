package io.cordon.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.qemu.SavedMachine;
import io.cordon.vm.qemu.SavedMemory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks 91 and 92: clones of one template draw what no other draws, know the time, and have a
 * name of their own. {@code -Dcordon.vm.it.differing} says how many.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(1200)
class ClonesDifferIT {
  private static final int CLONES = Integer.getInteger("cordon.vm.it.differing", 20);
  private static final int JAVA_CLONES = Math.max(3, CLONES / 5);
  private static final Duration APART = Duration.ofSeconds(2);

  @TempDir Path temporary;
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

  @Test
  void programsOfClonesSeeAnotherMachine() throws IOException {
    String script = "read go; od -An -N16 -tx8 /dev/urandom; uname -n; date +%s%3N";
    Set<String> uuids = new HashSet<>();
    Set<String> bytes = new HashSet<>();
    Set<String> boots = new HashSet<>();
    for (int i = 0; i < CLONES; i++) {
      Instant before = Instant.now();
      try (VmCell cell = lab.strategy().launch(Lab.shell("clone-" + i, script))) {
        // Of the kernel's own, which the cell's view of /proc lacks.
        String random = "/proc/sys/kernel/random/";
        assertThat(uuids.add(ask(cell, random + "uuid"))).as("another UUID").isTrue();
        boots.add(ask(cell, random + "boot_id"));
        cell.stdin().write('\n');
        List<String> said = Lab.outputOf(cell).lines().toList();
        assertThat(said).as("what clone %d said", i).hasSize(3);
        assertThat(bytes.add(said.get(0))).as("other bytes").isTrue();
        assertThat(said.get(1)).isEqualTo("clone-" + i);
        assertThat(Instant.ofEpochMilli(Long.parseLong(said.get(2))))
            .isBetween(before.minus(APART), Instant.now().plus(APART));
      }
    }
    System.out.printf("%d clones: %d boot ids%n", CLONES, boots.size());
    assertThat(boots).as("boot ids").hasSize(CLONES);
  }

  private static String ask(VmCell cell, String path) {
    String said = GuestAttack.ask(cell, path).orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(said).hasSize(36); // of a UUID
    return said;
  }

  @Test
  void residentJavaProgramsDrawTheirOwn() throws IOException {
    Map<String, List<String>> drawn = new HashMap<>();
    for (int i = 0; i < JAVA_CLONES; i++) {
      Instant before = Instant.now();
      try (VmCell cell = lab.strategy().launch(resident("java-" + i))) {
        for (String line : drawnBy(cell, "draw").lines().toList()) {
          String[] named = line.split("=", 2);
          drawn.computeIfAbsent(named[0], none -> new ArrayList<>()).add(named[1]);
        }
        assertThat(
                Instant.ofEpochMilli(
                    Long.parseLong(drawn.getOrDefault("clock", List.of("0")).getLast())))
            .isBetween(before.minus(APART), Instant.now().plus(APART));
      }
      assertThat(drawn.getOrDefault("host", List.of()))
          .last()
          .isEqualTo("java-%d/127.0.0.1".formatted(i));
    }
    Set<String> shared =
        drawn.keySet().stream()
            .filter(name -> new HashSet<>(drawn.get(name)).size() < JAVA_CLONES)
            .collect(Collectors.toSet());
    System.out.printf("%d clones of a Java program share %s%n", JAVA_CLONES, shared);
    assertThat(drawn).containsKeys("uuid", "secure", "warm-secure");
    // What the Java runtime seeded itself with before the guest was saved; see the package's
    // Javadoc. None of it is meant to be a secret. The control: these are found to be shared.
    assertThat(shared)
        .doesNotContain("uuid", "secure", "warm-secure")
        .contains("warm-random", "thread-local", "set-order");
    assertNothingRanBeforeItWasRenewed(drawn.getOrDefault("restless", List.of()));
  }

  /** Attack 92: snapshot-secret, for a program that is told it while it runs, as a worker is. */
  @Test
  void templateOfResidentProgramHasNothingOfWhatItsClonesAreTold() throws IOException {
    String canary = "canary-" + UUID.randomUUID();
    CellSpec spec = resident("secretive");
    try (VmCell cell = lab.strategy().launch(spec)) {
      assertThat(drawnBy(cell, canary)).contains("told=" + canary);
    }
    SavedMachine saved = lab.strategy().template(spec).saved();
    assertThat(SavedMemory.contains(lab.kernel(), saved, canary.getBytes(US_ASCII))).isFalse();
    byte[] control = "warm-secure".getBytes(US_ASCII); // of the program itself
    assertThat(SavedMemory.contains(lab.kernel(), saved, control)).as("the control").isTrue();
  }

  private static String drawnBy(VmCell cell, String told) throws IOException {
    InputStream out = cell.stdout();
    assertThat(out.readNBytes(Draws.GREETING.length()))
        .isEqualTo(Draws.GREETING.getBytes(US_ASCII));
    cell.stdin().write((told + "\n").getBytes(US_ASCII));
    return new String(out.readAllBytes(), UTF_8);
  }

  /** What two clones have both drawn, all have: it was drawn before the guest was saved. */
  private static void assertNothingRanBeforeItWasRenewed(List<String> restless) {
    Map<String, Integer> clones = new HashMap<>();
    for (String all : restless) {
      List.of(all.split(",")).forEach(each -> clones.merge(each, 1, Integer::sum));
    }
    Map<Integer, Long> sharing =
        clones.values().stream()
            .collect(Collectors.groupingBy(many -> many, Collectors.counting()));
    System.out.printf("draws by the number of clones that have them: %s%n", sharing);
    assertThat(sharing).containsOnlyKeys(1, restless.size());
  }

  private CellSpec resident(String name) throws IOException {
    Path jar = temporary.resolve("draws.jar");
    if (!Files.exists(jar)) {
      try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
        String entry = Draws.class.getName().replace('.', '/') + ".class";
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(Files.readAllBytes(classFile(entry)));
      }
    }
    Program.Jvm program =
        new Program.Jvm(
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
            List.of(jar),
            Optional.empty(),
            Draws.class.getName(),
            List.of(),
            Optional.of(CellSpec.Greeting.of(Draws.GREETING.getBytes(US_ASCII))));
    return Lab.spec("acme", name, program, Lab.limits(160));
  }

  private static Path classFile(String entry) {
    return io.cordon.vm.harness.GuestFiles.classesOf(Draws.class).resolve(entry);
  }
}
