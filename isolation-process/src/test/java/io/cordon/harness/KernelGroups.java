package io.cordon.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the kernel holds this JVM's tenants and their sandboxes to. */
public final class KernelGroups {
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private KernelGroups() {}

  /** What a file of a tenant's group says. */
  public static String ofTenant(String tenant, String v1, String v2) {
    return find("tenant-" + tenant, v1, v2);
  }

  /** What a file of a sandbox's group says. */
  public static String ofSandbox(String sandbox, String v1, String v2) {
    return find("cell-" + sandbox, v1, v2);
  }

  private static String find(String group, String v1, String v2) {
    Search search = new Search(group, v1, v2);
    try {
      Files.walkFileTree(MOUNT, search);
      return Files.readString(
              search.found.orElseThrow(
                  () -> new AssertionError(group + " has no " + v1 + " or " + v2)))
          .strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Search extends SimpleFileVisitor<Path> {
    private final String ours = "cordon-" + ProcessHandle.current().pid() + "-";
    private final String group;
    private final String v1;
    private final String v2;
    private Optional<Path> found = Optional.empty();

    Search(String group, String v1, String v2) {
      this.group = group;
      this.v1 = v1;
      this.v2 = v2;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (directory.endsWith(group) && directory.toString().contains("/" + ours)) {
        for (String name : new String[] {v1, v2}) {
          if (Files.exists(directory.resolve(name))) {
            found = Optional.of(directory.resolve(name));
            return FileVisitResult.TERMINATE;
          }
        }
      }
      return FileVisitResult.CONTINUE;
    }

    /** Others' groups come and go. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
