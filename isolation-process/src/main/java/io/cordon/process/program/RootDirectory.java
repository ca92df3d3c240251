package io.cordon.process.program;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A directory that is {@code /} for a program. A symbolic link in it means what it means to the
 * program: it never leads out of the directory, whatever the host has at that place. Immutable.
 *
 * @param path the directory, with no link on the way to it
 * @param directories the names of the directories at its top that the program sees
 * @param links the symbolic links at its top, by name, and what they say
 */
public record RootDirectory(Path path, List<Path> directories, Map<Path, String> links) {
  /** What every sandbox has of its own. */
  private static final Set<Path> NOT_SEEN =
      Set.of(
          Path.of("cordon"),
          Path.of("dev"),
          Path.of("proc"),
          Path.of("run"),
          Path.of("sys"),
          Path.of("tmp"),
          Path.of("work"));

  private static final int MOST_ENTRIES = 256;
  private static final int MOST_LINKS = 40; // as many as the kernel follows: linux/namei.h

  public RootDirectory {
    directories = List.copyOf(directories);
    links = Collections.unmodifiableMap(new TreeMap<>(links));
  }

  /**
   * Looks at the top of a directory.
   *
   * @throws SandboxException {@link ErrorCode#LAUNCH_FAILED} if it is none, or can't be read
   */
  public static RootDirectory of(Path directory) {
    try {
      Path path = directory.toRealPath(); // the application's own word, links and all
      if (path.getNameCount() == 0) {
        throw refused("the host's own root can't be a program's root directory");
      }
      List<Path> directories = new ArrayList<>();
      Map<Path, String> links = new TreeMap<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          Path name = entry.getFileName();
          if (NOT_SEEN.contains(name)) {
            continue;
          }
          if (Files.isSymbolicLink(entry)) {
            links.put(name, Files.readSymbolicLink(entry).toString());
          } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            directories.add(name);
          }
          if (directories.size() + links.size() > MOST_ENTRIES) {
            throw refused(directory + " has more than " + MOST_ENTRIES + " directories at its top");
          }
        }
      }
      Collections.sort(directories);
      return new RootDirectory(path, directories, links);
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, directory + " can't be a root directory: " + e, e);
    }
  }

  /**
   * Where a program is in it: a name without a slash is looked for as a shell would.
   *
   * @throws SandboxException {@link ErrorCode#PROGRAM_NOT_FOUND} if there is none of this name
   */
  public String find(String name) {
    if (name.indexOf('/') >= 0) {
      return name;
    }
    return HostPrograms.SEARCHED.stream()
        .map(directory -> directory.resolve(name))
        .filter(program -> resolve(program).filter(Files::isExecutable).isPresent())
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    ErrorCode.PROGRAM_NOT_FOUND,
                    "no program '%s' in /usr/bin or /bin of %s: install it there"
                        .formatted(name, path)));
  }

  /** The file of the host that a path means inside; no part of it is a link. */
  private Optional<Path> resolve(Path inside) {
    try {
      Path at = Path.of("/");
      Deque<Path> rest = new ArrayDeque<>();
      inside.forEach(rest::add);
      for (int followed = 0; !rest.isEmpty(); ) {
        Path next = at.resolve(rest.pop()).normalize(); // at holds no link: dot-dot is its parent
        Path file = onHost(next);
        if (!Files.isSymbolicLink(file)) {
          at = next;
          continue;
        }
        if (++followed > MOST_LINKS) {
          return Optional.empty();
        }
        Path target = Files.readSymbolicLink(file);
        at = target.isAbsolute() ? Path.of("/") : at;
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
          rest.push(target.getName(i));
        }
      }
      return Optional.of(onHost(at)).filter(Files::isRegularFile);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path onHost(Path inside) {
    return path.resolve(Path.of("/").relativize(inside));
  }

  private static SandboxException refused(String reason) {
    return new SandboxException(ErrorCode.LAUNCH_FAILED, reason);
  }
}
