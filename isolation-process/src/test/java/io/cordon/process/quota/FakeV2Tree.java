package io.cordon.process.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A tree of version 2 in plain files, which keeps the rules of the kernel's cgroup-v2.rst that
 * matter here: controllers are handed down, a group that hands them down has no processes (or, if
 * it hands down threaded ones alone, can have no children for processes), and only an empty group
 * can be removed. What the kernel would count, a test writes.
 */
final class FakeV2Tree implements GroupFiles {
  /** The pid of the JVM, which is who writes {@code 0}. */
  static final long JVM = 77;

  private static final Map<String, Map<String, String>> FILES =
      Map.of(
          "memory",
          Map.of(
              "memory.max", "max",
              "memory.high", "max",
              "memory.swap.max", "max",
              "memory.oom.group", "0",
              "memory.current", "0",
              "memory.peak", "0",
              "memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0"),
          "cpuset",
          Map.of("cpuset.cpus", "", "cpuset.mems", ""),
          "io",
          Map.of("io.max", "", "io.stat", ""),
          "cpu",
          Map.of("cpu.max", "max 100000", "cpu.weight", "100"),
          "pids",
          Map.of("pids.max", "max", "pids.current", "0", "pids.events", "max 0"));

  private static final Set<String> THREADED = Set.of("cpu", "cpuset", "perf_event", "pids");

  private static final String CPU_STAT =
      "usage_usec 0\nuser_usec 0\nsystem_usec 0\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0";

  private final Path top;
  private final List<String> lacking = new ArrayList<>();

  /** Groups that handed down a threaded controller while they had processes. */
  private final Set<Path> threadRoots = new HashSet<>();

  private boolean readOnly;
  private volatile Consumer<String> whenWritten = file -> {};

  FakeV2Tree(Path top, String... controllers) throws IOException {
    this.top = top;
    Files.createDirectories(top);
    fill(top, List.of(controllers));
  }

  /** Leaves out a file that an older kernel does not have. */
  FakeV2Tree lacking(String file) {
    lacking.add(file);
    return this;
  }

  FakeV2Tree readOnly() {
    readOnly = true;
    return this;
  }

  /** Is told the name of a file that is about to be written to, and takes the kernel's time. */
  void whenWritten(Consumer<String> told) {
    whenWritten = told;
  }

  /** A group of somebody else, with processes in it. */
  Path group(String path, List<String> handedDown, Long... processes) throws IOException {
    Path group = top.resolve(path);
    Files.createDirectory(group);
    fill(group, words(group.resolveSibling("cgroup.subtree_control")));
    set(group, "cgroup.subtree_control", String.join(" ", handedDown));
    setProcesses(group, List.of(processes));
    return group;
  }

  /** What the kernel counts. */
  void set(Path group, String file, String value) throws IOException {
    Files.writeString(group.resolve(file), value + "\n");
  }

  private void setProcesses(Path group, List<Long> pids) throws IOException {
    set(group, "cgroup.procs", String.join("\n", pids.stream().map(String::valueOf).toList()));
  }

  List<Long> processes(Path group) throws IOException {
    return words(group.resolve("cgroup.procs")).stream().map(Long::parseLong).toList();
  }

  String get(Path group, String file) throws IOException {
    return Files.readString(group.resolve(file)).strip();
  }

  private static List<String> words(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
  }

  private void fill(Path group, List<String> controllers) throws IOException {
    Map<String, String> files = new TreeMap<>();
    files.put("cgroup.controllers", String.join(" ", controllers));
    files.put("cgroup.subtree_control", "");
    files.put("cgroup.procs", "");
    files.put("cgroup.max.depth", "max");
    files.put("cpu.stat", CPU_STAT);
    if (!group.equals(top)) {
      files.put("cgroup.type", "domain");
      files.put("cgroup.kill", "");
      files.put("cgroup.freeze", "0");
      controllers.forEach(controller -> files.putAll(FILES.getOrDefault(controller, Map.of())));
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (!lacking.contains(file.getKey())) {
        set(group, file.getKey(), file.getValue());
      }
    }
  }

  @Override
  public void create(Path directory) throws IOException {
    if (readOnly) {
      throw new FileSystemException(directory.toString(), null, "Read-only file system");
    }
    Files.createDirectory(directory);
    fill(directory, words(directory.resolveSibling("cgroup.subtree_control")));
  }

  @Override
  public void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    List<Path> entries = entries(directory);
    if (!processes(directory).isEmpty() || entries.stream().anyMatch(Files::isDirectory)) {
      throw busy(directory);
    }
    for (Path entry : entries) {
      Files.delete(entry);
    }
    Files.delete(directory);
  }

  @Override
  public void write(Path file, String value) throws IOException {
    Path group = file.resolveSibling("").normalize();
    if (readOnly) {
      throw new IOException(file + " (Read-only file system)");
    }
    if (!Files.exists(file)) {
      throw new IOException(file + " (Permission denied)"); // nobody makes files there
    }
    whenWritten.accept(file.getFileName().toString());
    switch (file.getFileName().toString()) {
      case "cgroup.subtree_control" -> handDown(group, value);
      case "cgroup.procs" -> join(group, value.equals("0") ? JVM : Long.parseLong(value));
      case "cgroup.kill" -> setProcesses(group, List.of());
      default -> set(group, file.getFileName().toString(), value);
    }
  }

  private void handDown(Path group, String value) throws IOException {
    String controller = value.substring(1);
    if (!value.startsWith("+")
        || !words(group.resolve("cgroup.controllers")).contains(controller)) {
      throw new IOException("No such file or directory");
    }
    if (!group.equals(top) && !processes(group).isEmpty()) {
      if (!THREADED.contains(controller)) {
        throw busy(group);
      }
      threadRoots.add(group);
    }
    TreeSet<String> all = new TreeSet<>(words(group.resolve("cgroup.subtree_control")));
    all.add(controller);
    set(group, "cgroup.subtree_control", String.join(" ", all));
  }

  private void join(Path group, long pid) throws IOException {
    if (threadRoots.contains(group.getParent())) {
      throw new FileSystemException(group.toString(), null, "Operation not supported");
    }
    if (!group.equals(top) && !words(group.resolve("cgroup.subtree_control")).isEmpty()) {
      throw busy(group);
    }
    try (Stream<Path> groups = Files.walk(top)) {
      groups.filter(Files::isDirectory).forEach(other -> leave(other, pid));
    }
    List<Long> pids = new ArrayList<>(processes(group));
    pids.add(pid);
    setProcesses(group, pids);
  }

  private void leave(Path group, long pid) {
    try {
      setProcesses(group, processes(group).stream().filter(other -> other != pid).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a signal to a process does. */
  void exit(long pid) {
    try (Stream<Path> groups = Files.walk(top)) {
      groups.filter(Files::isDirectory).forEach(group -> leave(group, pid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The groups that there are, but for the top one. */
  List<String> groups() throws IOException {
    try (Stream<Path> groups = Files.walk(top)) {
      return groups
          .filter(Files::isDirectory)
          .filter(group -> !group.equals(top))
          .map(group -> top.relativize(group).toString())
          .sorted()
          .toList();
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static IOException busy(Path group) {
    return new FileSystemException(group.toString(), null, "Device or resource busy");
  }

  /** The tables by which a JVM in a group finds it. */
  OwnGroups own(String group) {
    return OwnGroups.parse(
        List.of(
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "31 23 0:28 / " + top + " rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"),
        Arrays.asList("0::/" + group));
  }
}
