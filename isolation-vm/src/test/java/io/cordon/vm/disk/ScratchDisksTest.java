package io.cordon.vm.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScratchDisksTest {
  private static final Kernel KERNEL =
      Kernel.bind(Architecture.of("amd64").orElseThrow().systemCalls());
  private static final HostTool DUMPE2FS = new HostTool("dumpe2fs", "e2fsprogs");
  private static final long MIB = 1 << 20;

  @TempDir Path directory;
  private ScratchDisks disks;

  @BeforeEach
  void open() {
    disks = new ScratchDisks(PrivateCache.open(directory.resolve("scratch")), KERNEL);
  }

  @AfterEach
  void noneHasEverHadAName() {
    assertThat(directory.resolve("scratch")).isEmptyDirectory();
  }

  @ParameterizedTest(name = "{0} bytes, {1} inodes")
  @CsvSource({
    "4096, 1",
    "65536, 8",
    "8388608, 100",
    "8388607, 3",
    "67108864, 10000",
    "67108864, 200000", // more than one group of blocks has
    "134217728, 64",
    "1073741824, 65", // a few for each of several groups
    "10737418240, 100000",
  })
  void leavesToUsersWhatTheLimitSays(long bytes, long inodes) {
    needTheTools();
    try (ScratchDisk disk = disks.formatted(new SandboxLimits.Disk(bytes, inodes))) {
      String said = describe(disk);
      assertThat(number(said, "Free inodes")).isEqualTo(inodes + Ext4.OWN_DIRECTORIES);
      assertThat(number(said, "Free blocks") - number(said, "Reserved block count"))
          .isEqualTo((bytes + 4095) / 4096 + Ext4.OWN_DIRECTORIES);
      assertThat(freeInodesByGroup(said)).isEqualTo(inodes + Ext4.OWN_DIRECTORIES);
      assertThat(written(disk)).as("what a clone copies").isLessThan(disk.bytes() / 1000 + MIB);
    }
  }

  /** The numbers that are free in the bitmaps themselves. */
  private static long freeInodesByGroup(String said) {
    long all = 0;
    Matcher line = Pattern.compile("(?m)^  Free inodes: (.*)$").matcher(said);
    while (line.find()) {
      for (String range : line.group(1).split(", ", -1)) {
        String[] ends = range.split("-", -1);
        if (!range.isBlank()) {
          all += Long.parseLong(ends[ends.length - 1]) - Long.parseLong(ends[0]) + 1;
        }
      }
    }
    return all;
  }

  @Test
  void copyIsTheSameAndGoesItsOwnWay() throws IOException {
    needTheTools();
    try (ScratchDisk disk = disks.formatted(new SandboxLimits.Disk(8 * MIB, 1000));
        ScratchDisk copy = disk.copy()) {
      assertThat(written(copy)).isPositive().isLessThan(MIB);
      assertThat(mismatch(disk, copy)).isEqualTo(-1);
      write(copy, "the copy's alone", 6 * MIB);
      assertThat(mismatch(disk, copy)).isEqualTo(6 * MIB);
    }
  }

  @Test
  void isGoneWhenItIsClosed() {
    ScratchDisk disk = disks.blank(MIB);
    int number = disk.file().number();
    assertThat(target(number)).endsWith("(deleted)");
    disk.close();
    assertThat(target(number)).doesNotContain("scratch");
  }

  @Test
  void onlyItsOwnerMayOpenIt() throws IOException {
    try (ScratchDisk disk = disks.blank(MIB)) {
      assertThat(Files.getAttribute(KERNEL.path(disk.file()), "unix:mode")).isEqualTo(0100600);
    }
  }

  @Test
  void directoryThatIsGoneIsNamed() throws IOException {
    Path gone = directory.resolve("gone");
    ScratchDisks none = new ScratchDisks(PrivateCache.open(gone), KERNEL);
    Files.delete(gone);
    assertThatThrownBy(() -> none.blank(MIB))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CACHE_UNUSABLE))
        .hasMessageContaining(gone.toString())
        .hasMessageContaining("ENOENT");
  }

  private static void needTheTools() {
    assumeThat(DUMPE2FS.find()).as("the tools of ext4 (package e2fsprogs)").isPresent();
  }

  private static String describe(ScratchDisk disk) {
    String path = "/proc/%d/fd/%d".formatted(ProcessHandle.current().pid(), disk.file().number());
    return DUMPE2FS.require(Path.of("/"), Duration.ofMinutes(1), List.of(path));
  }

  private static long number(String said, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + ": +(\\d+)$").matcher(said);
    assertThat(line.find()).as(name).isTrue();
    return Long.parseLong(line.group(1));
  }

  private static long written(ScratchDisk disk) {
    long all = 0;
    Optional<Kernel.Extent> next = KERNEL.nextExtent(disk.file(), 0);
    while (next.isPresent()) {
      all += next.get().end() - next.get().start();
      next = KERNEL.nextExtent(disk.file(), next.get().end());
    }
    return all;
  }

  private static long mismatch(ScratchDisk one, ScratchDisk other) throws IOException {
    return Files.mismatch(KERNEL.path(one.file()), KERNEL.path(other.file()));
  }

  private static void write(ScratchDisk disk, String text, long at) throws IOException {
    Descriptor file = disk.file();
    try (FileChannel channel = FileChannel.open(KERNEL.path(file), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), at);
    }
  }

  private static String target(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
