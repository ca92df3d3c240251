package io.cordon.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.host.PrivateCache;
import io.cordon.vm.qemu.SavedMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests that were booted by one JVM, and are cloned by the next. */
@Timeout(300)
class TemplatesOnDiskIT {
  private static final Duration APART = Duration.ofSeconds(2);

  /** Of which nothing is on the disk before the test. */
  private final String tenant = "disk-" + Long.toHexString(System.nanoTime());

  @TempDir Path temporary;
  private final Set<Path> made = new HashSet<>();

  @AfterEach
  void removeThem() throws IOException {
    for (Path entry : made) {
      PrivateCache.delete(entry);
    }
  }

  private CellSpec hello(String name) {
    return hello(tenant, name);
  }

  private static CellSpec hello(String tenant, String name) {
    return Lab.spec(tenant, name, Lab.program("/bin/sh", "-c", "echo hello"), Lab.SMALL);
  }

  /** Has a guest booted and saved, and returns where it is. */
  private Path save(Lab lab, CellSpec spec) {
    Path entry = lab.onDisk(spec);
    made.add(entry);
    lab.strategy().template(spec);
    lab.host().shelf().written().join();
    assertThat(entry).isDirectory();
    return entry;
  }

  private static String run(Lab lab, CellSpec spec) throws IOException {
    try (VmCell cell = lab.strategy().launch(spec)) {
      return Lab.outputOf(cell);
    }
  }

  @Test
  void guestThatIsTakenFromTheDiskIsTheOneThatWasSaved() throws IOException {
    try (Lab first = Lab.open();
        Lab second = Lab.open()) {
      Instant booting = Instant.now();
      Path entry = save(first, hello("one"));
      Instant taking = Instant.now();
      Template taken = second.strategy().template(hello("two"));
      System.out.printf(
          "booted and saved in %d ms, taken from the disk in %d ms%n",
          Duration.between(booting, taking).toMillis(),
          Duration.between(taking, Instant.now()).toMillis());
      Template booted = first.strategy().template(hello("one"));
      assertThat(SavedMemory.same(first.kernel(), booted.saved(), taken.saved())).isTrue();
      assertThat(taken.kernel()).isEqualTo(booted.kernel());
      assertThat(taken.nextOrder()).isEqualTo(booted.nextOrder());
      assertThat(run(second, hello("three"))).isEqualTo("hello\n");
      assertThat(second.boots()).isZero();
      PrivateCache.delete(entry);
      assertThat(run(second, hello("four"))).as("without the files").isEqualTo("hello\n");
      try (Lab third = Lab.open()) { // the control
        Template other = third.strategy().template(hello("five"));
        assertThat(SavedMemory.same(first.kernel(), booted.saved(), other.saved())).isFalse();
        assertThat(third.boots()).isEqualTo(1);
      }
    }
  }

  @Test
  void residentProgramsOfAnotherJvmDrawTheirOwn() throws Exception {
    Path jar = jar();
    CellSpec spec = draws(tenant, "one", jar);
    Map<String, List<String>> drawn = new HashMap<>();
    try (Lab lab = Lab.open()) {
      save(lab, spec);
      draw(lab, spec).forEach(line -> add(drawn, line));
      draw(lab, draws(tenant, "two", jar)).forEach(line -> add(drawn, line));
    }
    // Sets have another order in each JVM: a plan that depended on it would be another one there.
    for (String name : List.of("three", "four")) {
      otherJvm(tenant, name, jar).forEach(line -> add(drawn, line));
    }
    assertThat(drawn.get("boots")).containsExactly("0", "0");
    Set<String> shared =
        drawn.keySet().stream()
            .filter(name -> new HashSet<>(drawn.get(name)).size() == 1)
            .collect(Collectors.toSet());
    System.out.println("clones of two JVMs share " + shared);
    for (String name : List.of("uuid", "secure", "warm-secure")) {
      assertThat(drawn.get(name)).as(name).hasSize(4).doesNotHaveDuplicates();
    }
    assertThat(shared).as("the control: it was one guest").contains("warm-random", "set-order");
  }

  private static void add(Map<String, List<String>> drawn, String line) {
    String[] named = line.split("=", 2);
    drawn.computeIfAbsent(named[0], none -> new ArrayList<>()).add(named[1]);
  }

  private static List<String> draw(Lab lab, CellSpec spec) throws IOException {
    Instant before = Instant.now();
    try (VmCell cell = lab.strategy().launch(spec)) {
      assertThat(cell.stdout().readNBytes(Draws.GREETING.length()))
          .isEqualTo(Draws.GREETING.getBytes(US_ASCII));
      cell.stdin().write('\n');
      List<String> said = new String(cell.stdout().readAllBytes(), UTF_8).lines().toList();
      String clock = said.stream().filter(line -> line.startsWith("clock=")).findAny().orElse("");
      assertThat(Instant.ofEpochMilli(Long.parseLong(clock.substring("clock=".length()))))
          .isBetween(before.minus(APART), Instant.now().plus(APART));
      return said;
    }
  }

  private Path jar() throws IOException {
    Path jar = temporary.resolve("draws.jar");
    String entry = Draws.class.getName().replace('.', '/') + ".class";
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      ZipEntry same = new ZipEntry(entry);
      same.setTime(0); // and so its image is made once
      zip.putNextEntry(same);
      zip.write(Files.readAllBytes(GuestFiles.classesOf(Draws.class).resolve(entry)));
    }
    return jar;
  }

  private static CellSpec draws(String tenant, String name, Path jar) {
    return draws(tenant, name, jar, Draws.GREETING);
  }

  private static CellSpec draws(String tenant, String name, Path jar, String greeting) {
    Program.Jvm program =
        new Program.Jvm(
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
            List.of(jar),
            Optional.empty(),
            Draws.class.getName(),
            List.of(),
            Optional.of(CellSpec.Greeting.of(greeting.getBytes(US_ASCII))));
    Map<String, String> environment =
        Stream.of("A", "B", "C", "D", "E").collect(Collectors.toMap(each -> each, each -> each));
    return Lab.given(tenant, name, program, environment, List.of(), Lab.limits(160));
  }

  private static List<String> otherJvm(String tenant, String name, Path jar) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvm.class.getName(),
                tenant,
                name,
                jar.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = new String(other.getInputStream().readAllBytes(), UTF_8);
      assertThat(other.waitFor()).as(said).isZero();
      return said.lines().filter(line -> line.matches("[a-z-]+=.*")).toList();
    } finally {
      other.destroyForcibly();
    }
  }

  /** Clones a guest once, and says what was drawn in it. */
  static final class OtherJvm {
    private OtherJvm() {}

    public static void main(String[] arguments) throws IOException {
      try (Lab lab = Lab.open()) {
        draw(lab, draws(arguments[0], arguments[1], Path.of(arguments[2])))
            .forEach(System.out::println);
        System.out.println("boots=" + lab.boots());
      }
    }
  }

  /** Something that makes a saved guest unusable, and what is said of it then. */
  private record Damage(String reason, Doing doing) {}

  private interface Doing {
    void to(Path entry) throws IOException;
  }

  @Test
  void guestThatIsDamagedCutOffOrAnotherTenantsIsBootedAnew() throws IOException {
    Path entry;
    Path others;
    try (Lab lab = Lab.open()) {
      entry = save(lab, hello("one"));
      others = save(lab, hello(tenant + "-other", "one"));
    }
    List<Damage> damages =
        List.of(
            new Damage("its memory is not what was saved", TemplatesOnDiskIT::changeOneByte),
            new Damage("its memory is not of", TemplatesOnDiskIT::cutOff),
            new Damage("it is that of another key", at -> replace(at, others)));
    for (Damage damage : damages) {
      damage.doing().to(entry);
      try (Lab lab = Lab.open()) {
        assertThat(run(lab, hello("two"))).as(damage.reason()).isEqualTo("hello\n");
        assertThat(lab.boots()).as(damage.reason()).isEqualTo(1);
        assertThat(lab.said())
            .anyMatch(line -> line.contains(damage.reason()) && line.contains("removed"));
        lab.host().shelf().written().join();
      }
    }
    try (Lab lab = Lab.open()) {
      assertThat(run(lab, hello("three"))).isEqualTo("hello\n");
      assertThat(lab.boots()).as("a good one has taken its place").isZero();
    }
  }

  private static void changeOneByte(Path entry) throws IOException {
    try (var file = new RandomAccessFile(entry.resolve("memory").toFile(), "rw")) {
      long somewhere = file.length() / 3;
      file.seek(somewhere);
      int was = file.read();
      file.seek(somewhere);
      file.write(was ^ 1);
    }
  }

  private static void cutOff(Path entry) throws IOException {
    try (var file = new RandomAccessFile(entry.resolve("memory").toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
  }

  private static void replace(Path entry, Path other) throws IOException {
    PrivateCache.delete(entry);
    Files.createDirectory(entry);
    try (Stream<Path> files = Files.list(other)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, entry.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void closingEndsWhatBootsAndWhoWaitsForIt() throws Exception {
    assertClosedWhen("machine is there", () -> !Lab.machines().isEmpty());
  }

  @Test
  void closingEndsWhatWaitsForAProgramsFirstWords() throws Exception {
    assertClosedWhen(
        "program is listened to",
        () ->
            Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals("cordon-template-" + tenant))
                .flatMap(each -> Arrays.stream(each.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("readNBytes")));
  }

  /** Of a guest whose program never says all that it was to say first. */
  private void assertClosedWhen(String what, BooleanSupplier moment) throws Exception {
    CellSpec spec = draws(tenant, "one", jar(), Draws.GREETING + "and more");
    Lab lab = Lab.open();
    Path entry;
    CompletableFuture<VmCell> launch;
    try (lab) {
      entry = lab.onDisk(spec);
      launch = CompletableFuture.supplyAsync(() -> lab.strategy().launch(spec));
      while (!moment.getAsBoolean()) {
        assertThat(launch).as("before the " + what).isNotDone();
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
    assertThatThrownBy(() -> launch.get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThat(Lab.machines()).isEmpty();
    assertThat(entry).doesNotExist();
  }
}
