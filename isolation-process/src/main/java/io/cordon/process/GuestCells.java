package io.cordon.process;

import io.cordon.process.kernel.CloneFlag;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.seccomp.Profile;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Plans cells on the kernel of a guest, which root of that guest launches. Such a cell has every
 * layer that one of the host has, but shares the name of the host: there is no other cell in the
 * guest. Safe for several threads.
 */
public final class GuestCells {
  private final Map<Profile, SeccompFilter> filters = new EnumMap<>(Profile.class);

  /** Plans for guests of an architecture. */
  public GuestCells(Architecture architecture) {
    for (Profile profile : Profile.values()) {
      filters.put(profile, new SeccompFilter(profile, architecture));
    }
  }

  /**
   * What the guest's kernel can do, as it says itself.
   *
   * @param landlockAbi which landlock it has: 0 for none
   * @param timeNamespaces whether it has them
   * @param lastCapability the highest capability that it knows
   */
  public record GuestKernelFacts(int landlockAbi, boolean timeNamespaces, int lastCapability) {}

  /**
   * Where in the guest a cell is put.
   *
   * @param joinFile the file that the launcher writes 0 to, to be in the cell's control group
   * @param uid the user, and group, that it runs as in the guest
   * @param scratch a directory with a {@code work} and a {@code tmp} that belong to the user
   * @param hosts what it sees as {@code /etc/hosts}, for the guest may be given another name
   */
  public record Place(Path joinFile, int uid, Path scratch, Path hosts) {}

  /** A file or directory of the guest that the cell sees at the same path, read-only. */
  public record Shown(Path at, boolean directory, boolean executable) {}

  /**
   * What is executed.
   *
   * @param shown what it sees of the guest
   * @param links symbolic links in its view: where they are, and their targets
   * @param program its path inside
   * @param arguments from its own name on
   * @param environment its variables, but for those that every cell has
   */
  public record Program(
      List<Shown> shown,
      Map<Path, String> links,
      String program,
      List<String> arguments,
      Map<String, String> environment) {
    public Program {
      shown = List.copyOf(shown);
      links = Map.copyOf(links);
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * Writes the steps of a cell's launch after those that a plan has already.
   *
   * @param spec its inputs, limits and kind of program count
   */
  public void write(
      PlanBuilder plan, GuestKernelFacts kernel, Place place, CellSpec spec, Program program) {
    Host guest =
        new Host(
            0, 0, kernel.landlockAbi(), kernel.timeNamespaces(), kernel.lastCapability(), Map.of());
    List<CloneFlag> namespaces =
        Launcher.NAMESPACES.stream().filter(each -> each != CloneFlag.CLONE_NEWUTS).toList();
    Placement placement =
        new Placement(
            List.of(place.joinFile()),
            Optional.empty(),
            OptionalInt.of(place.uid()),
            false,
            namespaces,
            Optional.of(place.scratch()));
    CellView view = CellView.inGuest(spec, program, place.hosts());
    SeccompFilter filter = filters.get(view.profile());
    if (filter == null) {
      throw new IllegalArgumentException("no filter for " + view.profile());
    }
    new CellPlanner(guest).write(plan, spec, view, placement, filter);
  }

  /**
   * What a failed step of such a launch means, and what to do about it.
   *
   * @param step the step that the guest says has failed: it may say anything
   */
  public static SandboxException failure(CellSpec spec, LaunchPlan plan, int step, int errno) {
    return plan.find(step)
        .map(call -> LaunchFailures.ofStep(spec, call, errno))
        .orElseGet(
            () ->
                new SandboxException(
                    ErrorCode.LAUNCH_FAILED, "the guest reports a step that is none: " + step));
  }
}
