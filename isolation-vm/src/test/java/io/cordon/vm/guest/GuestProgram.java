package io.cordon.vm.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one program that a guest runs. Immutable.
 *
 * @param command its absolute path in the guest, and its arguments
 * @param environment all of its environment
 * @param directory its working directory in the guest
 * @param user who it is; root if there is none
 * @param modules modules of the kernel that it needs, besides what every guest has
 */
public record GuestProgram(
    List<String> command,
    Map<String, String> environment,
    Path directory,
    Optional<User> user,
    List<String> modules) {

  public GuestProgram {
    modules = List.copyOf(modules);
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty() || !command.getFirst().startsWith("/")) {
      throw new IllegalArgumentException("no absolute path of a program: " + command);
    }
  }

  /**
   * An ordinary user of the guest, with a control group of its own below which it may make others,
   * as {@code Delegate=yes} gives it.
   *
   * @param uid its number, and its group's
   */
  public record User(int uid) {
    public User {
      if (uid <= 0) {
        throw new IllegalArgumentException("no ordinary user: " + uid);
      }
    }
  }

  /** A program that is root in the guest, in {@code /tmp}. */
  public static GuestProgram asRoot(List<String> command, Map<String, String> environment) {
    return new GuestProgram(command, environment, Path.of("/tmp"), Optional.empty(), List.of());
  }

  /** The same as an ordinary user. */
  public GuestProgram as(User other) {
    return new GuestProgram(command, environment, directory, Optional.of(other), modules);
  }

  /** The same on a kernel with more modules. */
  public GuestProgram with(String... more) {
    return new GuestProgram(command, environment, directory, user, List.of(more));
  }
}
