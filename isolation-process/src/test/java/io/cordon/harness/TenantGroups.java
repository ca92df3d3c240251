package io.cordon.harness;

import io.cordon.leaks.ControlGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says in the control groups of a tenant, and of its cells, at this moment. */
public final class TenantGroups {

  private TenantGroups() {}

  /** The content of the first of these files, in the group of one of the tenant's cells. */
  public static String ofCell(String tenant, String... files) {
    return content(groups(tenant).flatMap(TenantGroups::cells).toList(), files);
  }

  /** The same in the tenant's own group. */
  public static String ofTenant(String tenant, String... files) {
    return content(groups(tenant).toList(), files);
  }

  private static Stream<Path> groups(String tenant) {
    return ControlGroups.of(ProcessHandle.current().pid()).stream()
        .map(application -> application.resolve("tenant-" + tenant))
        .filter(Files::isDirectory);
  }

  private static Stream<Path> cells(Path group) {
    try (Stream<Path> below = Files.list(group)) {
      return below
          .filter(each -> each.getFileName().toString().startsWith("cell-"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(List<Path> groups, String... files) {
    for (String file : files) {
      for (Path group : groups) {
        if (Files.exists(group.resolve(file))) {
          try {
            return Files.readString(group.resolve(file)).strip();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }
    throw new AssertionError("none of " + List.of(files) + " in " + groups);
  }
}
