package io.cordon.process.quota;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes and removes the directories that are control groups; the kernel fills them. */
interface GroupDirectories {

  /** The kernel's own file system. */
  GroupDirectories KERNEL =
      new GroupDirectories() {
        @Override
        public void create(Path directory) throws IOException {
          Files.createDirectory(directory);
        }

        @Override
        public void remove(Path directory) throws IOException {
          Files.delete(directory);
        }
      };

  /** Makes a group whose parent is there. */
  void create(Path directory) throws IOException;

  /** Removes a group that has neither processes nor children. */
  void remove(Path directory) throws IOException;
}
