package io.cordon.leaks;

import io.cordon.harness.SharedCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What this JVM and its host hold at one moment that a sandbox could have left behind: processes,
 * control groups, mounts, descriptors and files.
 *
 * @param remnants each in words
 */
public record Footprint(Set<String> remnants) {

  private static final Path PROC = Path.of("/proc");

  // Files that a JVM opens when it first needs them, and keeps.
  private static final Pattern OPENED_BY_THE_JVM =
      Pattern.compile(".*\\.(jar|so|jsa|aot)|.*/lib/modules|/dev/u?random|/proc/self/.*");

  // One for each poller of the virtual threads, made when the first of them waits.
  private static final Pattern POLLER = Pattern.compile("anon_inode:\\[event(poll|fd)]");

  public Footprint {
    remnants = Set.copyOf(remnants);
  }

  /**
   * Takes stock.
   *
   * @param claims directories in which nothing may stay, such as those for live claims
   * @param cache the cache, in which nothing half-made may stay
   */
  public static Footprint now(Collection<Path> claims, Path cache) {
    Set<String> remnants = new TreeSet<>();
    processes(ProcessHandle.current()).forEach(p -> remnants.add("process " + p));
    ControlGroups.of(ProcessHandle.current().pid())
        .forEach(g -> remnants.add("control group " + g));
    mounts().forEach(m -> remnants.add("mount " + m));
    remnants.addAll(descriptors());
    claims.forEach(directory -> remnants.addAll(filesOf(directory)));
    remnants.addAll(halfMade(cache));
    return new Footprint(remnants);
  }

  /** What is here that was not there {@code before}. */
  public Set<String> since(Footprint before) {
    Set<String> left = new TreeSet<>(remnants);
    left.removeAll(before.remnants);
    return left;
  }

  /** The descendants of a process, zombies among them: nobody reaped those. */
  private static List<String> processes(ProcessHandle ancestor) {
    return ancestor
        .descendants()
        .map(p -> p.pid() + " " + read(PROC.resolve(p.pid() + "/comm")).strip())
        .toList();
  }

  private static List<String> mounts() {
    List<String> mounts = new ArrayList<>();
    for (String line : read(PROC.resolve("self/mountinfo")).lines().toList()) {
      // Numbers apart: id, parent and device are of no interest, and differ by chance.
      String[] fields = line.split(" ", -1);
      mounts.add(fields[3] + " " + fields[4] + line.substring(line.indexOf(" - ")));
    }
    return mounts;
  }

  private static Set<String> descriptors() {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> descriptors = new TreeSet<>();
    for (Path entry : entries(PROC.resolve("self/fd"), "*")) {
      String target;
      try {
        target = Files.readSymbolicLink(entry).toString();
      } catch (IOException closedMeanwhile) {
        continue;
      }
      Matcher poller = POLLER.matcher(target);
      if (OPENED_BY_THE_JVM.matcher(target).matches()
          || (poller.matches() && seen.getOrDefault(target, 0) < pollers())
          || target.startsWith(PROC.resolve("" + ProcessHandle.current().pid()).toString())) {
        seen.merge(target, 1, Integer::sum);
        continue;
      }
      // Many have the same name, such as anon_inode:[pidfd]: they are counted.
      descriptors.add("descriptor %s (%d)".formatted(target, seen.merge(target, 1, Integer::sum)));
    }
    return descriptors;
  }

  private static int pollers() {
    return 2 * Runtime.getRuntime().availableProcessors() + 2;
  }

  private static Set<String> filesOf(Path directory) {
    Set<String> files = new TreeSet<>();
    entries(directory, "*cordon*").stream()
        .filter(file -> !file.equals(SharedCache.directory()) && isOurs(file))
        .forEach(file -> files.add("file " + file));
    return files;
  }

  private static boolean isOurs(Path file) {
    try {
      return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS)
          .equals(Files.getOwner(PROC.resolve("self")));
    } catch (IOException gone) {
      return false;
    }
  }

  private static Set<String> halfMade(Path cache) {
    Set<String> files = new TreeSet<>();
    if (Files.isDirectory(cache)) {
      try (Stream<Path> all = Files.walk(cache)) {
        all.filter(f -> f.getFileName().toString().matches("\\..+|.*\\.(tmp|part|new)|tmp.*"))
            .forEach(f -> files.add("file " + f));
      } catch (IOException | UncheckedIOException gone) {
        // Another JVM tidies the same cache: what is gone is not left.
      }
    }
    return files;
  }

  private static List<Path> entries(Path directory, String glob) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException unreadableOrGone) {
      return entries;
    }
    return entries;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
