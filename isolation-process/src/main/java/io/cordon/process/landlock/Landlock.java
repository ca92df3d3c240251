package io.cordon.process.landlock;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_PATH;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;

import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rules over files, as far as the kernel's landlock goes: what no rule allows is denied with
 * EACCES. The network is not its business here: a cell's own is empty, and fails with the errors
 * that programs know.
 */
public final class Landlock {
  private static final int RULE_PATH_BENEATH = 1; // LANDLOCK_RULE_PATH_BENEATH
  // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL: nothing outside the domain
  private static final int SCOPES = 3;
  private static final int SCOPES_SINCE_ABI = 6;
  private static final Set<Access> OF_FILES =
      EnumSet.of(
          Access.EXECUTE, Access.WRITE_FILE, Access.READ_FILE, Access.TRUNCATE, Access.IOCTL_DEV);

  private final int abi;
  private final Map<String, Set<Access>> rules = new LinkedHashMap<>();

  /** Rules for a kernel with this version of landlock. */
  public Landlock(int abi) {
    this.abi = abi;
  }

  /** Allows this in a directory, and in everything beneath. */
  public Landlock directory(String path, Access... accesses) {
    rules.put(path, supported(Arrays.asList(accesses)));
    return this;
  }

  /** Allows this with a file. */
  public Landlock file(String path, Access... accesses) {
    Set<Access> allowed = supported(Arrays.asList(accesses));
    allowed.retainAll(OF_FILES); // the kernel refuses the others for files
    rules.put(path, allowed);
    return this;
  }

  private Set<Access> supported(Iterable<Access> accesses) {
    Set<Access> supported = EnumSet.noneOf(Access.class);
    for (Access access : accesses) {
      if (access.sinceAbi() <= abi) {
        supported.add(access);
      }
    }
    return supported;
  }

  /** Writes the steps that put the rules in force for the process that takes them. */
  public void plan(PlanBuilder plan) {
    Set<Access> handled = supported(EnumSet.allOf(Access.class));
    Block.Writer attributes = // struct landlock_ruleset_attr
        Block.of("everything that ABI " + abi + " knows").u64(bits(handled));
    if (abi >= SCOPES_SINCE_ABI) {
      attributes.u64(0).u64(SCOPES);
    }
    int size = abi >= SCOPES_SINCE_ABI ? 24 : 8;
    Slot ruleset =
        plan.ask(
            "new rules",
            "landlock_create_ruleset",
            attributes.build().address(),
            number(size),
            number(0));
    rules.forEach((path, accesses) -> rule(plan, ruleset, path, accesses));
    plan.call("rules in force", "landlock_restrict_self", ruleset, number(0));
  }

  private static void rule(PlanBuilder plan, Slot ruleset, String path, Set<Access> accesses) {
    Slot file =
        plan.ask(
            "open " + path,
            "openat",
            flags(AT_FDCWD),
            text(path),
            flags(O_PATH, O_CLOEXEC),
            number(0));
    Block beneath = // struct landlock_path_beneath_attr
        Block.of(accesses.stream().map(Access::name).collect(Collectors.joining("|")))
            .u64(bits(accesses))
            .u32(0)
            .build();
    plan.put32(file, beneath, 8);
    plan.call(
        "allow " + path,
        "landlock_add_rule",
        ruleset,
        number(RULE_PATH_BENEATH),
        beneath.address(),
        number(0));
  }

  private static long bits(Set<Access> accesses) {
    return accesses.stream().mapToLong(Access::value).reduce(0, (a, b) -> a | b);
  }
}
