package io.cordon.vm.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a guest's root image holds, by path. A later entry takes the place of an earlier one. All of
 * it belongs to root inside, everybody may read it, and of the host's permissions only whether a
 * file may be executed is kept. For one thread.
 *
 * <pre>{@code
 * RootTree root = new RootTree()
 *     .copy(javaHome, "/java")
 *     .text("/etc/passwd", "root:x:0:0:root:/tmp:/bin/sh\n");
 * }</pre>
 */
public final class RootTree {
  private static final int MOST_LINKS = 40; // as many as the kernel follows: linux/namei.h

  private final SortedMap<Path, Node> nodes = new TreeMap<>();

  /** A tree with the places for what a guest mounts. */
  public RootTree() {
    for (String place : GuestBoot.MOUNT_POINTS) {
      directory(place);
    }
  }

  /** An entry of the tree. */
  public sealed interface Node {}

  /** An empty directory; those that lead to other entries need not be named. */
  public record Directory() implements Node {}

  /**
   * A file of the host.
   *
   * @param source where it is there; it is no symbolic link
   * @param executable whether it may be executed
   */
  public record HostFile(Path source, boolean executable) implements Node {}

  /**
   * A file of our own.
   *
   * @param text what is in it
   */
  public record Content(String text) implements Node {}

  /**
   * A symbolic link.
   *
   * @param target what it says
   */
  public record Link(String target) implements Node {}

  /** Copies a file or directory of the host, with all that is in it. */
  public RootTree copy(Path source, String at) throws IOException {
    return copy(source, at, path -> true);
  }

  /**
   * Copies of a directory what is wanted. Symbolic links in it stay links; special files are left
   * out.
   *
   * @param source a file or directory; a link to one is followed
   * @param at where it is in the guest
   * @param wanted is asked about each path of the host; what is in a directory that isn't wanted is
   *     not asked about
   */
  public RootTree copy(Path source, String at, Predicate<Path> wanted) throws IOException {
    add(source.toRealPath(), absolute(at), wanted);
    return this;
  }

  /**
   * Copies a directory of the host, with all that is in it, following no symbolic link.
   *
   * @param source a directory; no part of its path is a link
   * @param at where it is in the guest
   */
  public RootTree copyUnfollowed(Path source, Path at) throws IOException {
    add(source, at, path -> true);
    return this;
  }

  private void add(Path source, Path at, Predicate<Path> wanted) throws IOException {
    if (!wanted.test(source)) {
      return;
    }
    if (Files.isSymbolicLink(source)) {
      nodes.put(at, new Link(Files.readSymbolicLink(source).toString()));
    } else if (Files.isDirectory(source)) {
      nodes.putIfAbsent(at, new Directory());
      try (Stream<Path> children = Files.list(source)) {
        for (Path child : (Iterable<Path>) children::iterator) {
          add(child, at.resolve(child.getFileName()), wanted);
        }
      }
    } else if (Files.isRegularFile(source)) {
      boolean executable =
          Files.getPosixFilePermissions(source, LinkOption.NOFOLLOW_LINKS)
              .contains(PosixFilePermission.OWNER_EXECUTE);
      nodes.put(at, new HostFile(source, executable));
    }
  }

  /**
   * Copies a file or directory of the host to the same path, with every symbolic link on the way to
   * it as it is on the host: a program's library is found under the name that it asks for.
   */
  public RootTree mirror(Path path) throws IOException {
    Path at = Path.of("/");
    Deque<Path> rest = new ArrayDeque<>();
    path.toAbsolutePath().forEach(rest::add);
    int links = 0;
    while (!rest.isEmpty()) {
      Path next = at.resolve(rest.pop()).normalize(); // at holds no link: dot-dot is its parent
      if (!Files.isSymbolicLink(next)) {
        at = next;
        continue;
      }
      if (++links > MOST_LINKS) {
        throw new IOException(path + ": too many links");
      }
      Path target = Files.readSymbolicLink(next);
      nodes.put(next, new Link(target.toString()));
      at = target.isAbsolute() ? Path.of("/") : at;
      for (int i = target.getNameCount() - 1; i >= 0; i--) {
        rest.push(target.getName(i));
      }
    }
    return copy(at, at.toString());
  }

  /** A small file of our own. */
  public RootTree text(String at, String content) {
    nodes.put(absolute(at), new Content(content));
    return this;
  }

  /** A symbolic link. */
  public RootTree link(String at, String target) {
    nodes.put(absolute(at), new Link(target));
    return this;
  }

  /** An empty directory, or a place to mount something on. */
  public RootTree directory(String at) {
    nodes.putIfAbsent(absolute(at), new Directory());
    return this;
  }

  private static Path absolute(String at) {
    Path path = Path.of(at);
    if (!path.isAbsolute() || !path.normalize().equals(path) || path.getNameCount() == 0) {
      throw new IllegalArgumentException("no absolute path of a guest: " + at);
    }
    return path;
  }

  /** Adds what another tree holds. */
  public RootTree addAll(RootTree other) {
    nodes.putAll(other.nodes);
    return this;
  }

  /** Everything, by path: what holds something comes before what is in it. */
  public Map<Path, Node> nodes() {
    return Collections.unmodifiableMap(nodes);
  }
}
