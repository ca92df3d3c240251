package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.disk.ScratchDisk;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.host.FileDigests;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateFilesTest {
  private static final Kernel KERNEL =
      Kernel.bind(Architecture.of("amd64").orElseThrow().systemCalls());
  private static final int MIB = 96;
  private static final long SCRATCH = 1L << 30;
  private static final Hardware HARDWARE =
      new Hardware(
          new Machine(MIB, 2_600_000, new Accelerator.Tcg(32)),
          List.of(),
          List.of(),
          OptionalLong.of(SCRATCH));
  private static final TemplateKey KEY = new TemplateKey("ab".repeat(32));
  private static final TemplateKey OTHER = new TemplateKey("cd".repeat(32));
  private static final String NOTES = "all that is known of it\n";
  private static final long SOMEWHERE = 5_000_123;

  private static final long SOMEWHERE_ON_THE_DISK = SCRATCH - 70_000;

  @TempDir Path directory;
  private ScratchDisks disks;
  private TemplateFiles files;
  private Path entry;

  @BeforeEach
  void save() throws IOException {
    Path cache = directory.resolve("cache");
    disks = new ScratchDisks(PrivateCache.open(directory.resolve("scratch")), KERNEL);
    files = new TemplateFiles(PrivateCache.open(cache), disks, KERNEL);
    entry = cache.resolve(KEY.digest());
    try (SavedMachine machine = machine()) {
      files.save(KEY, machine, NOTES);
    }
  }

  @AfterEach
  void nothingIsLeftOpen() throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(links.filter(link -> target(link).contains("guest-memory"))).isEmpty();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private SavedMachine machine() throws IOException {
    Descriptor memory = KERNEL.memory("guest-memory", (long) MIB << 20);
    try (FileChannel channel = FileChannel.open(KERNEL.path(memory), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("what a guest had".getBytes(UTF_8)), SOMEWHERE);
    }
    KERNEL.seal(memory);
    byte[] state = "its devices".getBytes(UTF_8);
    ScratchDisk scratch = disks.blank(SCRATCH);
    try (FileChannel channel =
        FileChannel.open(KERNEL.path(scratch.file()), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("what it wrote".getBytes(UTF_8)), SOMEWHERE_ON_THE_DISK);
    }
    return new SavedMachine(
        HARDWARE,
        memory,
        KERNEL.sealedFile("machine-state", state),
        state.length,
        Optional.of(scratch));
  }

  @Test
  void whatIsLoadedIsWhatWasSaved() throws IOException {
    TemplateFiles.Kept kept = files.load(KEY, HARDWARE).orElseThrow();
    assertThat(kept.notes()).isEqualTo(NOTES);
    try (SavedMachine machine = kept.machine();
        SavedMachine original = machine();
        Descriptor loaded = machine.openMemory(KERNEL);
        Descriptor saved = original.openMemory(KERNEL);
        Descriptor state = machine.openState(KERNEL)) {
      assertThat(Files.mismatch(KERNEL.path(loaded), KERNEL.path(saved))).isEqualTo(-1);
      assertThat(Files.readString(KERNEL.path(state))).isEqualTo("its devices");
      assertThat(machine.stateBytes()).isEqualTo(11);
      assertThat(written(machine)).isEqualTo(written(original)).contains("what it wrote");
    }
  }

  private static String written(SavedMachine machine) throws IOException {
    try (ScratchDisk scratch = machine.copyScratch().orElseThrow();
        FileChannel channel = FileChannel.open(KERNEL.path(scratch.file()))) {
      Kernel.Extent only = KERNEL.nextExtent(scratch.file(), 0).orElseThrow();
      assertThat(KERNEL.nextExtent(scratch.file(), only.end())).isEmpty();
      ByteBuffer content = ByteBuffer.allocate((int) (scratch.bytes() - SOMEWHERE_ON_THE_DISK));
      channel.read(content, SOMEWHERE_ON_THE_DISK);
      return new String(content.array(), UTF_8);
    }
  }

  @Test
  void whatIsLoadedCannotBeChanged() throws IOException {
    try (SavedMachine machine = files.load(KEY, HARDWARE).orElseThrow().machine();
        Descriptor loaded = machine.openMemory(KERNEL);
        FileChannel channel = FileChannel.open(KERNEL.path(loaded), StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void filesAreForTheirOwnerAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
        .isEqualTo("rwx------");
    try (var all = Files.list(entry)) {
      assertThat(all)
          .hasSize(5)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void nothingIsKeptOfWhatIsInterrupted() throws IOException {
    files.remove(KEY);
    try (SavedMachine machine = machine()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> files.save(KEY, machine, NOTES))
          .isInstanceOfSatisfying(
              SandboxException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CACHE_UNUSABLE));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    try (var left = Files.list(directory.resolve("cache"))) {
      assertThat(left).isEmpty();
    }
    assertThat(files.load(KEY, HARDWARE)).isEmpty();
  }

  @Test
  void severalMaySaveTheSame() throws Exception {
    files.remove(KEY);
    CyclicBarrier together = new CyclicBarrier(4);
    try (SavedMachine machine = machine();
        var savers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> saved = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        saved.add(
            savers.submit(
                () -> {
                  together.await();
                  files.save(KEY, machine, NOTES);
                  return files.load(KEY, HARDWARE).orElseThrow().machine();
                }));
      }
      for (Future<?> each : saved) {
        ((SavedMachine) each.get()).close();
      }
    }
    try (var left = Files.list(directory.resolve("cache"))) {
      assertThat(left).containsExactly(entry);
    }
  }

  @Test
  void zerosTakeNoRoom() throws IOException {
    assertThat(Files.size(entry.resolve("memory"))).isEqualTo((long) MIB << 20);
    assertThat(Files.size(entry.resolve("scratch"))).isEqualTo(SCRATCH);
    Process du = new ProcessBuilder("du", "-ks", entry.toString()).start();
    String said = new String(du.getInputStream().readAllBytes(), UTF_8);
    assertThat(Long.parseLong(said.split("\\s", 2)[0])).isLessThan(1024);
  }

  @Test
  void whatIsNotThereIsNotLoaded() {
    assertThat(files.load(OTHER, HARDWARE)).isEmpty();
    files.remove(KEY);
    assertThat(files.load(KEY, HARDWARE)).isEmpty();
  }

  @Test
  void oneByteOfTheMemoryIsEnough() throws IOException {
    change("memory", SOMEWHERE);
    assertRefused("its memory is not what was saved");
  }

  @Test
  void byteWhereThereWasNoneIsEnough() throws IOException {
    change("memory", 50 << 20);
    assertRefused("its memory is not what was saved");
  }

  @Test
  void memoryThatIsCutOff() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(entry.resolve("memory").toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    assertRefused("its memory is not of");
  }

  @Test
  void machineOfAnotherSize() {
    Hardware larger =
        new Hardware(
            new Machine(2 * MIB, 2_600_000, new Accelerator.Tcg(32)), List.of(), List.of());
    assertThatThrownBy(() -> files.load(KEY, larger)).hasMessageContaining("its memory is not of");
  }

  @Test
  void oneByteOfTheStateIsEnough() throws IOException {
    change("state", 0);
    assertRefused("its state is not what was saved");
  }

  @Test
  void oneByteOfTheScratchDiskIsEnough() throws IOException {
    change("scratch", SOMEWHERE_ON_THE_DISK);
    assertRefused("its scratch disk is not what was saved");
  }

  @Test
  void byteWhereTheScratchDiskHadAHoleIsEnough() throws IOException {
    change("scratch", SCRATCH / 2);
    assertRefused("its scratch disk is not what was saved");
  }

  @Test
  void scratchDiskThatIsCutOffOrGone() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(entry.resolve("scratch").toFile(), "rw")) {
      file.setLength(SCRATCH - 1);
    }
    assertRefused("its scratch disk is not of");
    Files.delete(entry.resolve("scratch"));
    assertRefused("can't be read");
  }

  @Test
  void machineWithAnotherScratchDisk() {
    Hardware none = new Hardware(HARDWARE.machine(), List.of(), List.of());
    assertThatThrownBy(() -> files.load(KEY, none))
        .hasMessageContaining("its scratch disk is not of");
  }

  @Test
  void oneByteOfTheNotesIsEnough() throws IOException {
    change("notes", 3);
    assertRefused("its notes are not what was saved");
    Files.writeString(entry.resolve("notes"), "x".repeat(10_000));
    assertRefused("its notes is larger");
  }

  @Test
  void stateThatIsCutOff() throws IOException {
    Files.writeString(entry.resolve("state"), "its");
    assertRefused("its state is not what was saved");
  }

  @Test
  void anyByteOfTheManifestIsEnough() throws IOException {
    long size = Files.size(entry.resolve("manifest"));
    for (long at = 0; at < size; at++) {
      change("manifest", at);
      assertRefused("is not usable");
      change("manifest", at);
    }
    files.load(KEY, HARDWARE).orElseThrow().machine().close(); // the control: as it was
  }

  @Test
  void manifestThatIsMissingOrHuge() throws IOException {
    Files.writeString(entry.resolve("manifest"), "x".repeat(10_000));
    assertRefused("its manifest is larger");
    Files.delete(entry.resolve("manifest"));
    assertRefused("can't be read");
  }

  @Test
  void oneOfAnotherKey() throws IOException {
    Files.move(entry, entry.resolveSibling(OTHER.digest()));
    assertThatThrownBy(() -> files.load(OTHER, HARDWARE))
        .hasMessageContaining("it is that of another key, abab");
  }

  @Test
  void everyPartMakesAnotherKey() throws IOException {
    Path first = Files.writeString(directory.resolve("first"), "1");
    Path second = Files.writeString(directory.resolve("second"), "2");
    TemplateKeys keys = keys(first, first);
    Hardware disk = new Hardware(HARDWARE.machine(), List.of(), List.of(first));
    Hardware otherDisk = new Hardware(HARDWARE.machine(), List.of(), List.of(second));
    Hardware scratch =
        new Hardware(HARDWARE.machine(), List.of(), List.of(first), OptionalLong.of(1));
    Hardware port = new Hardware(HARDWARE.machine(), List.of(new Port(1, "a")), List.of(first));
    byte[] initrd = {1};
    byte[] order = {3};
    TemplateKey key = keys.of("acme", disk, first, initrd, List.of(order));
    assertThat(key)
        .isEqualTo(keys(first, first).of("acme", disk, first, new byte[] {1}, List.of(order)));
    assertThat(
            List.of(
                keys.of("other", disk, first, initrd, List.of(order)),
                keys(second, first).of("acme", disk, first, initrd, List.of(order)),
                keys(first, second).of("acme", disk, first, initrd, List.of(order)),
                keys.of("acme", otherDisk, first, initrd, List.of(order)),
                keys.of("acme", port, first, initrd, List.of(order)),
                keys.of("acme", scratch, first, initrd, List.of(order)),
                keys.of("acme", disk, second, initrd, List.of(order)),
                keys.of("acme", disk, first, new byte[] {2}, List.of(order)),
                keys.of("acme", disk, first, initrd, List.of()),
                keys.of("acme", disk, first, initrd, List.of(new byte[] {4}))))
        .doesNotContain(key)
        .doesNotHaveDuplicates();
  }

  @Test
  void fileThatHasChangedMakesAnotherKey() throws IOException {
    Path file = Files.writeString(directory.resolve("kernel"), "1");
    TemplateKeys keys = keys(file, file);
    TemplateKey key = keys.of("acme", HARDWARE, file, new byte[1], List.of());
    Files.writeString(file, "22");
    assertThat(keys.of("acme", HARDWARE, file, new byte[1], List.of())).isNotEqualTo(key);
  }

  private static TemplateKeys keys(Path qemu, Path part) {
    return new TemplateKeys(new Qemu(qemu, 7, 2), List.of(part), new FileDigests());
  }

  private void change(String name, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(entry.resolve(name).toFile(), "rw")) {
      file.seek(at);
      int was = file.read();
      file.seek(at);
      file.write(was ^ 1);
    }
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> files.load(KEY, HARDWARE))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_TEMPLATE))
        .hasMessageContaining(reason);
  }
}
