package io.cordon.process.quota;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The group of this application in one hierarchy; below it are its tenants, and below these their
 * cells.
 *
 * <p>Its name tells pid and start time of the JVM, and one of its files is locked for as long as
 * that lives: a JVM in another pid namespace can't judge the name, but can't get the lock either.
 */
final class ApplicationGroup {
  private static final int MOST_OF_ONE_JVM = 1000;

  private final ControlGroup group;
  private final CgroupVersion version;
  private final FileChannel lock;
  private final Set<Controller> controllers;
  private final Set<String> tenants = ConcurrentHashMap.newKeySet();

  private ApplicationGroup(
      ControlGroup group, CgroupVersion version, FileChannel lock, Set<Controller> controllers) {
    this.group = group;
    this.version = version;
    this.lock = lock;
    this.controllers = controllers;
  }

  /** Makes it below a group of this JVM's. */
  static ApplicationGroup create(
      ControlGroup base, CgroupVersion version, ProcessStat self, Set<Controller> controllers)
      throws IOException {
    for (int serial = 0; serial < MOST_OF_ONE_JVM; serial++) {
      ControlGroup group =
          base.child(new GroupName(self.pid(), self.startTicks(), serial).toString());
      try {
        group.create();
      } catch (FileAlreadyExistsException e) {
        continue; // of somebody else in this JVM
      }
      try {
        FileChannel lock = lock(group, version);
        if (lock == null) {
          continue; // taken for an orphan before it was locked
        }
        return new ApplicationGroup(group, version, lock, controllers).delegated();
      } catch (IOException e) {
        group.remove();
        throw e;
      }
    }
    throw new IOException(base.directory() + " has too many groups of this JVM");
  }

  private ApplicationGroup delegated() throws IOException {
    try {
      version.delegate(group, controllers);
      return this;
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static @Nullable FileChannel lock(ControlGroup group, CgroupVersion version)
      throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(group.directory().resolve(version.lockFile()), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("two of this JVM made " + group.directory(), e);
    }
    channel.close();
    return null;
  }

  ControlGroup group() {
    return group;
  }

  /** Makes the group of a cell. The prefixes keep its name from being that of a kernel's file. */
  ControlGroup openCell(String tenant, String cell, Set<Controller> onDemand) throws IOException {
    ControlGroup tenantGroup = openTenant(tenant);
    Set<Controller> more = EnumSet.copyOf(controllers);
    more.retainAll(onDemand);
    if (!more.isEmpty()) {
      version.delegate(tenantGroup, more);
    }
    ControlGroup cellGroup = tenantGroup.child("cell-" + cell);
    cellGroup.create();
    version.prepare(cellGroup, more);
    return cellGroup;
  }

  /** Whether a cell with these controllers on demand has to be in it. */
  boolean concerns(Set<Controller> onDemand) {
    return controllers.stream().anyMatch(each -> !each.onDemand() || onDemand.contains(each));
  }

  /** The group of a tenant; it is made when it is first asked for, and stays. */
  ControlGroup openTenant(String tenant) throws IOException {
    ControlGroup tenantGroup = group.child("tenant-" + tenant);
    if (!tenants.contains(tenant)) {
      tenantGroup.createUnlessThere();
      Set<Controller> always = EnumSet.copyOf(controllers);
      always.removeIf(Controller::onDemand);
      version.delegate(tenantGroup, always);
      tenants.add(tenant);
    }
    return tenantGroup;
  }

  /** Removes it with all that is in it. */
  void destroy(GroupRemoval removal) throws IOException {
    try (lock) {
      removal.destroy(group);
    }
  }

  /** The name of an application's group: {@code cordon-<pid>-<start>-<serial>}. */
  record GroupName(long pid, long startTicks, int serial) {
    private static final String PREFIX = "cordon-";

    /** Reads a name; nothing, if it isn't one of ours. */
    static Optional<GroupName> parse(String name) {
      if (!name.startsWith(PREFIX)) {
        return Optional.empty();
      }
      String[] numbers = name.substring(PREFIX.length()).split("-", -1);
      if (numbers.length != 3) {
        return Optional.empty();
      }
      try {
        GroupName parsed =
            new GroupName(
                Long.parseLong(numbers[0]),
                Long.parseLong(numbers[1]),
                Integer.parseInt(numbers[2]));
        return parsed.toString().equals(name) ? Optional.of(parsed) : Optional.empty();
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String toString() {
      return PREFIX + pid + "-" + startTicks + "-" + serial;
    }
  }
}
