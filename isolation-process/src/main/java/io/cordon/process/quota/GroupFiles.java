package io.cordon.process.quota;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** All that changes control groups: directories that the kernel fills, and writes to its files. */
interface GroupFiles {

  /** The kernel's own. */
  GroupFiles KERNEL =
      new GroupFiles() {
        @Override
        public void create(Path directory) throws IOException {
          Files.createDirectory(directory);
        }

        @Override
        public void remove(Path directory) throws IOException {
          Files.delete(directory);
        }

        // By a stream: a channel refuses its work to an interrupted thread, which may be to kill.
        @Override
        public void write(Path file, String value) throws IOException {
          try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(value.getBytes(US_ASCII)); // in one write(2): each is parsed by itself
          }
        }
      };

  /** Makes a group whose parent is there. */
  void create(Path directory) throws IOException;

  /** Removes a group that has neither processes nor children. */
  void remove(Path directory) throws IOException;

  /** Writes to a file of a group. */
  void write(Path file, String value) throws IOException;
}
