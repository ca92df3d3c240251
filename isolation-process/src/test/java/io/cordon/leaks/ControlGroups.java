package io.cordon.leaks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Looks for control groups by the host that made them. */
public final class ControlGroups {

  private ControlGroups() {}

  /** The groups, in every hierarchy, of the host whose JVM has or had this pid. */
  public static List<Path> of(long pid) {
    // Groups are named after their host, so that the next one can tell a dead host's.
    Pattern ours = Pattern.compile("cordon-" + pid + "(-.*)?");
    List<Path> groups = new ArrayList<>();
    Path root = Path.of("/sys/fs/cgroup");
    if (Files.isDirectory(root)) {
      try {
        Files.walkFileTree(
            root,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes a) {
                if (ours.matcher(directory.getFileName().toString()).matches()) {
                  groups.add(directory);
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException goneOrForbidden) {
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return groups;
  }
}
