package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.host.PrivateCache;
import io.cordon.vm.qemu.SavedMachine;
import io.cordon.vm.qemu.SavedMachines;
import io.cordon.vm.qemu.SavedMemory;
import io.cordon.vm.qemu.TemplateFiles.Kept;
import io.cordon.vm.qemu.TemplateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateShelfTest {
  private static final Kernel KERNEL =
      Kernel.bind(Architecture.of("amd64").orElseThrow().systemCalls());
  private static final TemplateKey A = new TemplateKey("aa".repeat(32));
  private static final TemplateKey B = new TemplateKey("bb".repeat(32));
  private static final TemplateKey C = new TemplateKey("cc".repeat(32));
  private static final int CONTENT = 1 << 20; // of a memory of 96 MiB
  private static final long EACH = CONTENT + CONTENT / 4;

  @TempDir Path directory;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private PrivateCache cache;
  private ScratchDisks disks;
  private TemplateShelf shelf;

  @BeforeEach
  void open() {
    cache = PrivateCache.open(directory.resolve("cache"));
    disks = new ScratchDisks(PrivateCache.open(directory.resolve("scratch")), KERNEL);
    shelf = new TemplateShelf(cache, 2 * EACH, disks, KERNEL, told::add);
  }

  @AfterEach
  void close() {
    shelf.close();
  }

  private void put(TemplateKey key) throws IOException {
    try (SavedMachine machine = SavedMachines.of(KERNEL, content(key))) {
      shelf.put(key, machine, "notes");
      shelf.written().join();
    }
  }

  private static byte[] content(TemplateKey key) {
    byte[] content = new byte[CONTENT];
    Arrays.fill(content, (byte) key.digest().charAt(0));
    return content;
  }

  private static Optional<String> take(TemplateShelf from, TemplateKey key) {
    return from.take(
        key,
        SavedMachines.HARDWARE,
        kept -> {
          kept.machine().close();
          return kept.notes();
        });
  }

  private void lastUsed(TemplateKey key, long millis) throws IOException {
    Files.setLastModifiedTime(cache.entry(key.digest()), FileTime.fromMillis(millis));
  }

  @Test
  void whatIsPutThereIsTakenByTheNext() throws IOException {
    put(A);
    try (TemplateShelf next = new TemplateShelf(cache, EACH, disks, KERNEL, told::add)) {
      assertThat(take(next, A)).contains("notes");
      assertThat(take(next, B)).isEmpty();
    }
    assertThat(told).isEmpty();
  }

  @Test
  void whatWasUsedLeastRecentlyGoesWhereThereAreTooMany() throws IOException {
    put(A);
    put(B);
    lastUsed(A, 1_000);
    lastUsed(B, 2_000);
    assertThat(take(shelf, A)).contains("notes"); // and so it was used after B
    put(C);
    assertThat(cache.keys()).containsExactlyInAnyOrder(A.digest(), C.digest());
    assertThat(told).singleElement(STRING).contains("unused for longest", B.digest());
  }

  @Test
  void whatIsDamagedIsToldOfAndRemoved() throws IOException {
    put(A);
    Files.writeString(cache.entry(A.digest()).resolve("state"), "another");
    assertThat(take(shelf, A)).isEmpty();
    assertThat(told)
        .singleElement(STRING)
        .contains("its state is not what was saved", "it is removed");
    assertThat(cache.keys()).isEmpty();
    put(A);
    assertThat(take(shelf, A)).as("the control: as it was").isPresent();
  }

  @Test
  void whatWhoReadsItRefusesIsClosedAndRemoved() throws IOException {
    put(A);
    List<SavedMachine> refused = new ArrayList<>();
    Optional<Kept> taken =
        shelf.take(
            A,
            SavedMachines.HARDWARE,
            kept -> {
              refused.add(kept.machine());
              throw new SandboxException(ErrorCode.BAD_TEMPLATE, "of another version");
            });
    assertThat(taken).isEmpty();
    assertThat(told).containsExactly("of another version; it is removed");
    assertThat(cache.keys()).isEmpty();
    assertThatThrownBy(() -> SavedMemory.contains(KERNEL, refused.getFirst(), new byte[1]))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }

  @Test
  void nothingIsPutOnAClosedOne() throws IOException {
    shelf.close();
    try (SavedMachine machine = SavedMachines.of(KERNEL, new byte[1])) {
      shelf.put(A, machine, "notes");
    }
    assertThat(cache.keys()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void cacheThatIsGoneIsToldOfAndNoFailure() throws IOException {
    PrivateCache.delete(directory.resolve("cache"));
    put(A);
    assertThat(take(shelf, A)).isEmpty();
    assertThat(told).singleElement(STRING).contains("is not saved for the next time");
  }
}
