package io.cordon.process;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.seccomp.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program of ours that is confined as a tenant's are, because it handles what a tenant made. It
 * sees the files that are named here and no others, and holds the descriptors that it is given
 * besides its streams. Immutable.
 *
 * @param tenant whose cell it is
 * @param name the cell's name: {@code [a-z0-9-]{1,40}}
 * @param arguments the path of the program inside the cell, and its arguments
 * @param environment its environment variables, all of them
 * @param files what it sees
 * @param carried descriptors of this JVM that it gets, in order, as {@value #FIRST_CARRIED} and on;
 *     no other process of the cell keeps one. The caller's own stay open, and are the caller's to
 *     close
 * @param largestFile how large it may make a file: in bytes
 * @param profile which system calls it may make
 * @param limits what it may use
 * @param tenantLimits what all cells of the tenant may use together
 * @param startMax how long the launch may take
 */
public record ConfinedProgram(
    String tenant,
    String name,
    List<String> arguments,
    Map<String, String> environment,
    List<Shown> files,
    List<Descriptor> carried,
    long largestFile,
    Profile profile,
    SandboxLimits limits,
    TenantLimits tenantLimits,
    Duration startMax) {

  /** The number that the program has the first carried descriptor as. */
  public static final int FIRST_CARRIED = LaunchPlan.CHANNEL + 1;

  /** As many descriptors can be carried. */
  public static final int MOST_CARRIED = 64;

  public ConfinedProgram {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    files = List.copyOf(files);
    carried = List.copyOf(carried);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("no program");
    }
    if (carried.size() > MOST_CARRIED) {
      throw new IllegalArgumentException(
          "%d descriptors to carry: more than %d".formatted(carried.size(), MOST_CARRIED));
    }
  }

  /** What a program sees of the host. */
  public sealed interface Shown {

    /**
     * A file or directory that is read.
     *
     * @param source where it is on the host, or a link to it
     * @param at its path in the cell
     */
    record Data(Path source, Path at) implements Shown {}

    /**
     * A file that may be executed: the program, or its dynamic linker.
     *
     * @param source where it is on the host, or a link to it
     * @param at its path in the cell
     */
    record Executable(Path source, Path at) implements Shown {}

    /**
     * A character device, at the same path. Its permissions are the host's, and the cell's user is
     * the tenant's.
     *
     * @param device its path, in {@code /dev}
     */
    record Device(Path device) implements Shown {}
  }
}
