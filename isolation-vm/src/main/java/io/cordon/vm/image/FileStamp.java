package io.cordon.vm.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells whether a file is still the one that was read, without reading it.
 *
 * @param path the file
 * @param size its length in bytes
 * @param modified when it was last written
 */
record FileStamp(Path path, long size, FileTime modified) implements Stamp {
  static FileStamp of(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileStamp(path, attributes.size(), attributes.lastModifiedTime());
  }

  @Override
  public boolean holds() {
    try {
      return of(path).equals(this);
    } catch (IOException e) {
      return false;
    }
  }
}
