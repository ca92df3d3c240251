package io.cordon.process.program;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What the kernel would make of a file that is executed. */
public sealed interface Executable {

  /**
   * A program of machine code.
   *
   * @param interpreter the dynamic linker that it names; none for a static one
   */
  record Machine(Optional<Path> interpreter) implements Executable {}

  /** A script, which another program reads. */
  record Script() implements Executable {}

  /** Something else: the kernel would refuse it. */
  record Unknown() implements Executable {}

  /** Looks at the beginning of a file. */
  static Executable of(Path file) throws IOException {
    byte[] head = new byte[4096];
    int length;
    try (var in = Files.newInputStream(file)) {
      length = in.readNBytes(head, 0, head.length);
    }
    ByteBuffer bytes = ByteBuffer.wrap(head, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    if (length >= 2 && head[0] == '#' && head[1] == '!') {
      return new Script();
    }
    byte[] elf64 = {0x7f, 'E', 'L', 'F', 2, 1}; // 64 bits, little endian: linux/elf.h
    if (length < 64 || !Arrays.equals(head, 0, elf64.length, elf64, 0, elf64.length)) {
      return new Unknown();
    }
    try {
      return new Machine(interpreter(bytes));
    } catch (IndexOutOfBoundsException e) {
      return new Unknown(); // its headers lead out of what linkers write them into
    }
  }

  private static Optional<Path> interpreter(ByteBuffer elf) {
    int interpreter = 3; // PT_INTERP
    int headers = Math.toIntExact(elf.getLong(32));
    int size = Short.toUnsignedInt(elf.getShort(54));
    int count = Short.toUnsignedInt(elf.getShort(56));
    for (int i = 0; i < count; i++) {
      int at = headers + i * size;
      if (elf.getInt(at) == interpreter) {
        byte[] path = new byte[Math.toIntExact(elf.getLong(at + 32)) - 1]; // it ends with a zero
        elf.get(Math.toIntExact(elf.getLong(at + 8)), path);
        return Optional.of(Path.of(new String(path, US_ASCII)));
      }
    }
    return Optional.empty();
  }
}
