package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.StreamSocket;
import io.cordon.process.plan.Report;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.guest.GuestInit;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are saved and go on, and what their QEMU could reach if it were taken over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class VmmIT {
  private static final Machine MACHINE = Machine.emulatedHere(128, 32);
  private static final long MOST_PRIVATE = 25 << 20;

  private Vmm vmm;
  private Kernel kernel;
  private Guest guest;
  private Hardware hardware;
  private SavedMachine saved;

  /** A guest that runs cat on its stream port, saved while that waits. */
  @BeforeAll
  void save() throws IOException {
    TestGuest harness = TestGuest.onKernel(GuestKernels.CLOUD);
    vmm = TestGuest.monitor();
    kernel = TestGuest.programs().kernel();
    RootTree root = GuestFiles.addPrograms(GuestFiles.base(), Path.of("/bin/cat"));
    guest = harness.guest(root, GuestProgram.asRoot(List.of("/bin/cat"), Map.of()));
    hardware =
        new Hardware(
            MACHINE,
            List.of(
                new Port(GuestInit.STREAM_PORT, "stream"),
                new Port(GuestInit.CONTROL_PORT, "control")),
            List.of(guest.root().file()));
    saved = template();
  }

  private SavedMachine template() throws IOException {
    try (VirtualMachine template = boot()) {
      awaitProgram(template);
      echo(template, "template");
      return template.save();
    }
  }

  private VirtualMachine boot() {
    return vmm.boot(TestGuest.cell(MACHINE), hardware, guest.kernel().image(), guest.initrd());
  }

  private VirtualMachine resume() {
    return vmm.resume(TestGuest.cell(MACHINE), saved);
  }

  private static void awaitProgram(VirtualMachine machine) throws IOException {
    ControlPort control = new ControlPort(machine.port("control").input());
    assertThat(control.next()).contains(new Report.Alive());
    assertThat(control.next()).contains(new Report.Executing());
  }

  private static void echo(VirtualMachine machine, String text) throws IOException {
    StreamSocket stream = machine.port("stream");
    stream.output().write(text.getBytes(US_ASCII));
    assertThat(new String(stream.input().readNBytes(text.length()), US_ASCII)).isEqualTo(text);
  }

  private static String status(VirtualMachine machine) throws IOException {
    return machine
        .monitor()
        .execute("query-status", Map.of(), Duration.ofSeconds(20))
        .path("status")
        .asText();
  }

  @AfterAll
  void close() {
    if (saved != null) {
      saved.close();
    }
  }

  @AfterEach
  void noMonitorIsLeft() {
    assertThat(monitors()).isEmpty();
  }

  private static List<ProcessHandle> monitors() {
    return ProcessHandle.current()
        .descendants()
        .filter(each -> each.info().command().orElse("").contains("qemu-system"))
        .toList();
  }

  @Test
  void clonesGoOnWhereTheTemplateWas() throws IOException {
    String before = digest(saved);
    try (VirtualMachine first = resume();
        VirtualMachine second = resume()) {
      assertThat(status(first)).isNotEqualTo("running");
      first.go();
      second.go();
      echo(first, "first");
      echo(second, "second");
      assertThat(status(first)).isEqualTo("running");
      first.pause();
      assertThat(status(first)).isEqualTo("paused");
      first.go();
      echo(first, "again");
    }
    assertThat(digest(saved)).as("the memory that all clones start from").isEqualTo(before);
  }

  @Test
  void clonesOutliveWhatTheyCameFrom() throws IOException {
    SavedMachine other = template();
    try (VirtualMachine clone = vmm.resume(TestGuest.cell(MACHINE), other)) {
      other.close();
      clone.go();
      echo(clone, "alone");
    }
    assertThatThrownBy(() -> vmm.resume(TestGuest.cell(MACHINE), other))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }

  /** Not even by who opens it for writing, as QEMU does. */
  @Test
  void savedMemoryCannotBeChanged() throws IOException {
    String before = digest(saved);
    try (Descriptor memory = saved.openMemory(kernel)) {
      try (FileChannel channel = writable(memory)) {
        assertThatThrownBy(() -> channel.write(ByteBuffer.wrap(new byte[] {1}), 0))
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096))
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(IOException.class);
        MappedByteBuffer mine = channel.map(FileChannel.MapMode.PRIVATE, 0, 4096);
        byte changed = (byte) (mine.get(0) + 1);
        mine.put(0, changed);
        assertThat(mine.get(0)).isEqualTo(changed);
      }
    }
    assertThat(digest(saved)).isEqualTo(before);
  }

  /** The control: without the seals the same can be done. */
  @Test
  void memoryThatIsNotSealedCanBeChanged() throws IOException {
    try (Descriptor memory = kernel.memory("control", 4096);
        FileChannel channel = writable(memory)) {
      assertThat(channel.write(ByteBuffer.wrap(new byte[] {1}), 0)).isEqualTo(1);
      MappedByteBuffer shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
      shared.put(1, (byte) 2);
      assertThat(Files.readAllBytes(kernel.path(memory))).startsWith(1, 2);
    }
  }

  private FileChannel writable(Descriptor file) throws IOException {
    return FileChannel.open(kernel.path(file), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Attack 94: what a QEMU that was taken over has. */
  @Test
  void monitorIsConfined() throws IOException {
    try (VirtualMachine clone = resume()) {
      clone.go();
      echo(clone, "running");
      Path process = Path.of("/proc", Long.toString(monitors().getFirst().pid()));
      assertThat(Files.readAllLines(process.resolve("status")))
          .contains(
              "CapEff:\t0000000000000000",
              "CapBnd:\t0000000000000000",
              "NoNewPrivs:\t1",
              "Seccomp:\t2",
              "Groups:\t ")
          .doesNotContain("Uid:\t0\t0\t0\t0");
      for (String namespace : List.of("net", "mnt", "pid", "ipc", "user")) {
        assertThat(Files.readSymbolicLink(process.resolve("ns/" + namespace)))
            .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/" + namespace)));
      }
      assertThat(Files.readString(process.resolve("net/dev"))).doesNotContain("eth");
      assertThat(Files.readString(process.resolve("environ")).split("\0", 0))
          .hasSize(1)
          .allMatch(variable -> variable.startsWith("LD_LIBRARY_PATH="));
      assertThat(descriptors(process))
          .allMatch(
              file ->
                  file.matches("(pipe|socket|anon_inode):.*")
                      || file.startsWith("/memfd:guest-memory")
                      || file.startsWith("/memfd:machine-state")
                      || file.equals("/dev/urandom")
                      || file.equals("/dev/null")
                      || file.equals(guest.root().file().toString()));
      List<String> visible = new ArrayList<>();
      for (String line : Files.readAllLines(process.resolve("mountinfo"))) {
        visible.add(line.split(" ", -1)[4]);
      }
      assertThat(visible)
          .contains("/", vmm.qemu().program().toString())
          .allMatch(
              at ->
                  at.matches("/|/dev/(null|zero|full|u?random)|/proc|/tmp|/work")
                      || at.matches("/(usr/)?lib.*\\.so.*")
                      || at.startsWith("/usr/share/qemu/")
                      || at.equals(vmm.qemu().program().toString()));
    }
  }

  private static List<String> descriptors(Path process) throws IOException {
    List<String> targets = new ArrayList<>();
    try (Stream<Path> links = Files.list(process.resolve("fd"))) {
      for (Path link : (Iterable<Path>) links::iterator) {
        targets.add(Files.readSymbolicLink(link).toString());
      }
    }
    return targets;
  }

  @Test
  void killIsToldFromDeath() throws Exception {
    try (VirtualMachine machine = resume()) {
      machine.kill();
      assertThat(machine.exit().get(20, TimeUnit.SECONDS).killed()).isTrue();
    }
    try (VirtualMachine machine = resume()) {
      machine.go();
      assertThat(monitors().getFirst().destroyForcibly()).isTrue();
      VmmExit exit = machine.exit().get(20, TimeUnit.SECONDS);
      assertThat(exit.killed()).isFalse();
      assertThat(exit.how()).isEqualTo(new CellExit.Signaled(9));
      assertThat(machine.port("stream").input().read()).isEqualTo(-1);
    }
  }

  /** The guest's program ends, since it reads the end of its input. */
  @Test
  void closedPortIsTheEndOfAFileInTheGuest() throws Exception {
    try (VirtualMachine clone = resume()) {
      clone.go();
      echo(clone, "last words");
      clone.port("stream").output().close();
      ControlPort control = new ControlPort(clone.port("control").input());
      assertThat(control.next())
          .hasValueSatisfying(
              report ->
                  assertThat(report)
                      .isInstanceOfSatisfying(
                          Report.Ended.class, ended -> assertThat(ended.waitStatus()).isZero()));
      assertThat(clone.exit().get(60, TimeUnit.SECONDS).status()).isZero();
    }
  }

  @Test
  void oneThatEndsAtOnceIsNotWaitedFor() {
    Vmm none = new Vmm(TestGuest.programs(), new Qemu(Path.of("/usr/bin/false"), 7, 2));
    VmmCell cell = TestGuest.cell(MACHINE);
    VmmCell patient =
        new VmmCell(
            cell.tenant(), cell.name(), cell.limits(), cell.tenantLimits(), Duration.ofHours(1));
    assertThatThrownBy(() -> none.boot(patient, hardware, guest.kernel().image(), guest.initrd()))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
        .hasMessageContaining("did not start a machine");
    assertThatThrownBy(() -> none.resume(patient, saved))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
        .hasMessageContaining("did not take up the saved machine");
  }

  @Test
  void stateThatIsCutOffIsNotTakenUp() throws IOException {
    byte[] state;
    try (Descriptor file = saved.openState(kernel)) {
      state = Files.readAllBytes(kernel.path(file));
    }
    for (int length : new int[] {0, 4, state.length / 2}) {
      byte[] part = java.util.Arrays.copyOf(state, length);
      try (SavedMachine broken =
          new SavedMachine(
              hardware,
              saved.openMemory(kernel),
              kernel.sealedFile("broken", part),
              length,
              Optional.empty())) {
        assertThatThrownBy(() -> vmm.resume(TestGuest.cell(MACHINE), broken))
            .isInstanceOfSatisfying(
                SandboxException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
            .hasMessageContaining("did not take up the saved machine");
      }
    }
  }

  @Test
  void clonesGoOnFromWhatWasKeptOnTheDisk(@TempDir Path directory) throws IOException {
    PrivateCache cache = PrivateCache.open(directory.resolve("c"));
    TemplateFiles files = new TemplateFiles(cache, new ScratchDisks(cache, kernel), kernel);
    TemplateKey key =
        vmm.keys().of("tests", hardware, guest.kernel().image(), guest.initrd(), List.of());
    files.save(key, saved, "");
    try (SavedMachine loaded = files.load(key, hardware).orElseThrow().machine();
        VirtualMachine clone = vmm.resume(TestGuest.cell(MACHINE), loaded)) {
      clone.go();
      echo(clone, "from the disk");
    }
  }

  @Test
  void cloneCannotBeSaved() {
    try (VirtualMachine clone = resume()) {
      assertThatThrownBy(clone::save).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void hostCountsWhatAMachineUses() throws IOException {
    try (VirtualMachine machine = boot()) {
      awaitProgram(machine);
      assumeThat(machine.cell().tier()).as("a host with control groups").startsWith("cgroup");
      OptionalLong memory = machine.counters().memoryCurrent();
      assertThat(memory.orElseThrow()).isGreaterThan(32 << 20);
      assertThat(machine.counters().cpuUserNanos()).isPositive();
    }
  }

  /** Figures for people; what they are depends on the host, but for the memory. */
  @Test
  void clonesAreQuickAndSmall() throws IOException {
    List<Long> starts = new ArrayList<>();
    List<Long> goes = new ArrayList<>();
    List<Long> echoes = new ArrayList<>();
    List<VirtualMachine> clones = new ArrayList<>();
    try {
      for (int i = 0; i < 15; i++) {
        long begin = System.nanoTime();
        VirtualMachine clone = resume();
        clones.add(clone);
        starts.add(System.nanoTime() - begin);
        begin = System.nanoTime();
        clone.go();
        goes.add(System.nanoTime() - begin);
        echo(clone, "quick");
        echoes.add(System.nanoTime() - begin);
        clone.pause();
      }
      goOnceMore(clones);
      long most = 0;
      for (ProcessHandle monitor : monitors()) {
        most = Math.max(most, privateBytes(monitor.pid()));
      }
      System.out.printf(
          "clones: start %.1f ms, go %.1f ms, go to first echo %.1f ms, private %.1f MiB, state %d KiB%n",
          median(starts), median(goes), median(echoes), most / 1048576.0, saved.stateBytes() >> 10);
      assertThat(most).isLessThan(MOST_PRIVATE);
    } finally {
      clones.forEach(VirtualMachine::close);
    }
  }

  /** The same once more, of clones that have run before. */
  private static void goOnceMore(List<VirtualMachine> clones) throws IOException {
    List<Long> warmGoes = new ArrayList<>();
    List<Long> warmEchoes = new ArrayList<>();
    for (VirtualMachine clone : clones) {
      long begin = System.nanoTime();
      clone.go();
      warmGoes.add(System.nanoTime() - begin);
      echo(clone, "warm");
      warmEchoes.add(System.nanoTime() - begin);
      clone.pause();
    }
    System.out.printf(
        "warm clones: go %.1f ms, go to echo %.1f ms%n", median(warmGoes), median(warmEchoes));
  }

  private static double median(List<Long> nanos) {
    return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
  }

  private static long privateBytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
            .filter(line -> line.startsWith("Private_"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .sum()
        << 10;
  }

  private String digest(SavedMachine machine) throws IOException {
    try (Descriptor memory = machine.openMemory(kernel);
        var in =
            new DigestInputStream(
                Files.newInputStream(kernel.path(memory)), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
