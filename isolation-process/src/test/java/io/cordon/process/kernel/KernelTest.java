package io.cordon.process.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.kernel.MessageReader.Message;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTest {
  private final Kernel kernel = Kernel.bind(SystemCalls.of("x86_64"));

  @Test
  void errorsKeepTheirNumber() {
    assertThatThrownBy(() -> kernel.reap(1))
        .isInstanceOfSatisfying(
            SystemCallException.class,
            e -> assertThat(e.errno()).isEqualTo((int) Errno.ECHILD.value()))
        .hasMessage("wait4: ECHILD");
  }

  @Test
  void ownerIsTheOwnerOfProc() throws IOException {
    assertThat(kernel.getuid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    assertThat(kernel.getgid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:gid"));
  }

  @Test
  void sealedFileCanOnlyBeRead() throws IOException {
    try (Descriptor file = kernel.sealedFile("test", "content".getBytes(UTF_8))) {
      byte[] read = new byte[10];
      assertThat(kernel.read(file, read, 0, 10)).isEqualTo(7);
      assertThat(new String(read, 0, 7, UTF_8)).isEqualTo("content");
      String path = "/proc/self/fd/" + file.number();
      assertThatThrownBy(
              () -> {
                try (var out = new FileOutputStream(path, true)) {
                  out.write(1);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void unnamedFileIsInNoDirectory(@TempDir Path directory) throws IOException {
    try (Descriptor file = kernel.unnamedFile(directory, "content".getBytes(UTF_8));
        var in = new FileInputStream("/proc/self/fd/" + file.number())) {
      assertThat(in.readAllBytes()).isEqualTo("content".getBytes(UTF_8));
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void copyHasTheSameContentAndTheSameHoles(@TempDir Path directory) throws IOException {
    long size = 64 << 20;
    try (Descriptor file = kernel.sparseFile(directory, size);
        Descriptor copy = kernel.sparseFile(directory, size)) {
      write(file, "first", 0);
      write(file, "second", 20 << 20);
      write(file, "last", size - 4);
      kernel.copyExtents(file, copy);
      assertThat(Files.mismatch(kernel.path(file), kernel.path(copy))).isEqualTo(-1);
      assertThat(allocated(copy)).isEqualTo(allocated(file)).isPositive().isLessThan(1 << 20);
      assertThat(directory).isEmptyDirectory();
    }
  }

  private void write(Descriptor file, String text, long at) throws IOException {
    try (FileChannel channel = FileChannel.open(kernel.path(file), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), at);
    }
  }

  private long allocated(Descriptor file) {
    long all = 0;
    Optional<Kernel.Extent> next = kernel.nextExtent(file, 0);
    while (next.isPresent()) {
      all += next.get().end() - next.get().start();
      next = kernel.nextExtent(file, next.get().end());
    }
    return all;
  }

  @Test
  void holesTakeNothingOfTheDisk(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("sparse");
    long size = 64 << 20;
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
      sparse.seek(size / 2);
      sparse.write(new byte[1 << 20]);
      sparse.getFD().sync(); // some file systems count what has been written, others what is there
    }
    try (Descriptor opened = kernel.openFile(file)) {
      Kernel.FileStatus status = kernel.status(opened);
      assertThat(status.size()).isEqualTo(size);
      assertThat(status.room()).isBetween(1L << 20, size / 4);
    }
  }

  @Test
  void movedDescriptorIsClosedWhereItWas() throws IOException {
    Descriptor[] pipe = kernel.pipe();
    pipe[0].close();
    try (Descriptor moved = kernel.moveUp(pipe[1], 300)) {
      assertThat(moved.number()).isGreaterThanOrEqualTo(300);
      assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + moved.number())).toString())
          .startsWith("pipe:");
    }
  }

  @Test
  void everyDescriptorIsClosedOnExec() throws IOException {
    Descriptor[] pipe = kernel.pipe();
    Descriptor[] socket = kernel.messageSocket();
    Descriptor file = kernel.sealedFile("test", new byte[1]);
    Descriptor moved = kernel.moveUp(pipe[0], 300);
    try (file;
        moved) {
      for (Descriptor each : List.of(moved, pipe[1], socket[0], socket[1], file)) {
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + each.number()));
        String flags = info.lines().filter(line -> line.startsWith("flags:")).findFirst().get();
        assertThat(Long.parseLong(flags.substring(6).strip(), 8) & OpenFlag.O_CLOEXEC.value())
            .as(each.toString())
            .isNotZero();
      }
    } finally {
      pipe[1].close();
      socket[0].close();
      socket[1].close();
    }
  }

  @Test
  void opensFilesBeneathAndNothingElse(@TempDir Path directory) throws IOException {
    Path inside = Files.createDirectory(directory.resolve("inside"));
    Files.writeString(inside.resolve("file"), "x");
    Files.writeString(directory.resolve("outside"), "y");
    Files.createSymbolicLink(inside.resolve("link"), Path.of("file"));
    try (Descriptor base = kernel.openDirectory(directory);
        Descriptor in = kernel.openBeneath(base, "inside", OpenFlag.O_PATH.value())) {
      kernel.openBeneath(in, "file", 0).close();
      assertErrno(Errno.ELOOP, () -> kernel.openBeneath(in, "link", 0));
      assertErrno(Errno.EXDEV, () -> kernel.openBeneath(in, "../outside", 0));
      assertErrno(Errno.EXDEV, () -> kernel.openBeneath(in, "/etc/passwd", 0));
      assertErrno(Errno.ENOENT, () -> kernel.openBeneath(in, "missing", 0));
    }
  }

  @Test
  void statusTellsTypesAndLinks(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "12345");
    Files.createLink(directory.resolve("hard"), file);
    Files.createDirectory(directory.resolve("sub"));
    try (Descriptor base = kernel.openDirectory(directory);
        Descriptor opened = kernel.openBeneath(base, "file", 0);
        Descriptor sub = kernel.openBeneath(base, "sub", 0)) {
      Kernel.FileStatus status = kernel.status(opened);
      assertThat(status.regular()).isTrue();
      assertThat(status.links()).isEqualTo(2);
      assertThat(status.size()).isEqualTo(5);
      assertThat(kernel.status(sub).regular()).isFalse();
      assertThat(kernel.space(base).inodes()).isPositive();
    }
  }

  @Test
  void messagesKeepTheirBordersAndCarryTheSender() throws IOException {
    Descriptor[] socket = kernel.messageSocket();
    try (Descriptor reader = socket[0];
        MessageReader messages = new MessageReader(kernel, reader, 16)) {
      try (Descriptor writer = socket[1]) {
        for (String text : List.of("one", "four", "far too long for the reader")) {
          kernel.write(writer, text.getBytes(UTF_8));
        }
      }
      Message first = messages.read().orElseThrow();
      assertThat(first.sender()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(UTF_8.decode(first.data()).toString()).isEqualTo("one");
      assertThat(first.descriptors()).isEmpty();
      assertThat(UTF_8.decode(messages.read().orElseThrow().data()).toString()).isEqualTo("four");
      assertThat(messages.read().orElseThrow().data().remaining()).isEqualTo(16);
      assertThat(messages.read()).isEmpty();
    }
  }

  private static void assertErrno(Errno errno, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo((int) errno.value()));
  }
}
