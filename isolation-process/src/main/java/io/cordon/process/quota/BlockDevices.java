package io.cordon.process.quota;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole disks of this host, as {@code /sys/block} has them: limits on I/O are set for each.
 *
 * @param numbers {@code major:minor} of those that hold anything
 * @param weighed whether one of them has a scheduler that knows weights: bfq
 */
record BlockDevices(List<String> numbers, boolean weighed) {
  static final BlockDevices NONE = new BlockDevices(List.of(), false);

  /** Reads them; none, where that can't be read. */
  static BlockDevices of(Path directory) {
    List<String> numbers = new ArrayList<>();
    boolean weighed = false;
    try (DirectoryStream<Path> disks = Files.newDirectoryStream(directory)) {
      for (Path disk : disks) {
        if (!read(disk.resolve("size")).equals("0")) { // such as loop devices without a file
          numbers.add(read(disk.resolve("dev")));
          weighed |= read(disk.resolve("queue/scheduler")).contains("[bfq]");
        }
      }
    } catch (IOException e) {
      return NONE;
    }
    numbers.sort(null);
    return new BlockDevices(List.copyOf(numbers), weighed);
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).strip() : "0";
  }
}
