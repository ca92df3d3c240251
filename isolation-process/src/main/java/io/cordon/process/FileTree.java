package io.cordon.process;

import static io.cordon.process.kernel.FileMode.S_IFCHR;
import static io.cordon.process.kernel.FileMode.S_IFMT;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cell sees of the host, and where: read-only, and nothing that isn't named here. Sorted, so
 * that what holds something comes before what is in it. For one thread.
 */
final class FileTree {
  private static final int MOST_LINKS = 40; // as many as the kernel follows: linux/namei.h

  private final SortedMap<Path, Node> nodes = new TreeMap<>();

  /** Something that a cell sees. */
  sealed interface Node {}

  /**
   * A file or directory of the host.
   *
   * @param source where it is there; no part of it is a symbolic link
   * @param directory whether it is a directory, with all that is in it
   * @param executable whether programs in it may be executed
   */
  record Bind(Path source, boolean directory, boolean executable) implements Node {}

  /** A symbolic link. */
  record Link(String target) implements Node {}

  /** A device of the host, at its own path; its permissions are the host's. */
  record Device() implements Node {}

  /** A small file of our own. */
  record Text(String content) implements Node {}

  /** Shows a file or directory of the host, links resolved, at a path of the cell. */
  FileTree bind(Path source, Path at, boolean executable) {
    try {
      Path real = source.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      if (!attributes.isDirectory() && !attributes.isRegularFile()) {
        throw new SandboxException(
            ErrorCode.LAUNCH_FAILED, source + " is neither a file nor a directory");
      }
      nodes.put(at, new Bind(real, attributes.isDirectory(), executable));
      return this;
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, source + " can't be shown to a cell", e);
    }
  }

  /** Shows at its own path what the kernel that the cell is launched on will have there. */
  FileTree own(Path path, boolean directory, boolean executable) {
    nodes.put(path, new Bind(path, directory, executable));
    return this;
  }

  /** The same for a file that is elsewhere there, unless its place is shown already. */
  FileTree ownIfFree(Path source, Path at) {
    if (!covered(at)) {
      nodes.put(at, new Bind(source, false, false));
    }
    return this;
  }

  /**
   * Shows a directory of the host whose path holds no link: should there be one by now, the launch
   * fails instead of following it.
   */
  FileTree directory(Path source, Path at, boolean executable) {
    nodes.put(at, new Bind(source, true, executable));
    return this;
  }

  /**
   * Shows a file or directory of the host at its own path, with every symbolic link on the way to
   * it as it is on the host. Does nothing if the host doesn't have it.
   */
  FileTree mirror(Path path, boolean executable) {
    try {
      Path at = Path.of("/");
      Deque<Path> rest = new ArrayDeque<>();
      path.forEach(rest::add);
      for (int links = 0; !rest.isEmpty() && links < MOST_LINKS; ) {
        Path name = rest.pop();
        Path next = name.toString().equals("..") ? parent(at) : at.resolve(name).normalize();
        if (!Files.isSymbolicLink(next)) {
          at = next;
          continue;
        }
        Path target = Files.readSymbolicLink(next);
        if (!covered(next)) {
          nodes.put(next, new Link(target.toString()));
        }
        links++;
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
          rest.push(target.getName(i));
        }
        at = target.isAbsolute() ? Path.of("/") : at;
      }
      if (rest.isEmpty() && !covered(at) && Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        bind(at, at, executable);
      }
      return this;
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, path + " can't be shown to a cell", e);
    }
  }

  /** Shows a character device of the host. */
  FileTree device(Path path) {
    try {
      int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if (!path.startsWith("/dev") || (mode & S_IFMT.value()) != S_IFCHR.value()) {
        throw new SandboxException(
            ErrorCode.LAUNCH_FAILED, path + " is not a character device in /dev");
      }
      nodes.put(path, new Device());
      return this;
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, path + " can't be shown to a cell", e);
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** Whether a directory or a link that is shown leads to this path, or it is named itself. */
  boolean covered(Path path) {
    for (Path at = path; at != null; at = at.getParent()) {
      Node node = nodes.get(at);
      if (node != null && (at.equals(path) || leadsOn(node))) {
        return true;
      }
    }
    return false;
  }

  private static boolean leadsOn(Node node) {
    return switch (node) {
      case Bind bind -> bind.directory();
      case Link link -> true;
      case Device device -> false;
      case Text text -> false;
    };
  }

  /** Shows what another one shows. */
  FileTree addAll(FileTree other) {
    nodes.putAll(other.nodes);
    return this;
  }

  FileTree link(String at, String target) {
    nodes.put(Path.of(at), new Link(target));
    return this;
  }

  FileTree text(String at, String content) {
    nodes.put(Path.of(at), new Text(content));
    return this;
  }

  /**
   * A small file of our own, unless that place is shown already. Where it is in what is shown of
   * the host, or a link leads there, the file would be made on the host.
   */
  FileTree textIfFree(String at, String content) {
    return covered(Path.of(at)) ? this : text(at, content);
  }

  /** Everything, by path. */
  Map<Path, Node> nodes() {
    return Collections.unmodifiableMap(nodes);
  }
}
