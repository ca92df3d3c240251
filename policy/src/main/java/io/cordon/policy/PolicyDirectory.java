package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import io.cordon.policy.Settings.Setting;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A directory with one policy file per tenant ({@code acme.yaml}), a {@code defaults.yaml} that
 * fills keys that a tenant leaves out, and a {@code ceiling.yaml} that no tenant gets beyond.
 *
 * <p>Nothing is kept: each call reads the files again. Safe for use by several threads.
 */
public final class PolicyDirectory {
  private static final String SUFFIX = ".yaml";
  private static final String DEFAULTS = "defaults";
  private static final String CEILING = "ceiling";
  private static final Set<String> SHARED = Set.of(DEFAULTS, CEILING);

  private final Path directory;

  private PolicyDirectory(Path directory) {
    this.directory = directory;
  }

  /** Opens a directory; nothing is read yet. */
  public static PolicyDirectory of(Path directory) {
    return new PolicyDirectory(directory);
  }

  /**
   * Reads, merges and checks the policy of one tenant.
   *
   * @throws PolicyException if there is no such tenant, or one of the files is wrong
   */
  public Policy policy(String tenant) {
    return explain(tenant).policy();
  }

  /**
   * The policy of one tenant, with the origin of each value.
   *
   * @throws PolicyException if there is no such tenant, or one of the files is wrong
   */
  public PolicyExplanation explain(String tenant) {
    Path file = fileOf(tenant);
    List<PolicyProblem> problems = new ArrayList<>();
    Optional<Settings> own = attempt(problems, () -> readTenant(tenant, file));
    Optional<Settings> defaults = attempt(problems, () -> readShared(DEFAULTS));
    Optional<Settings> ceiling = attempt(problems, () -> readShared(CEILING));
    if (!problems.isEmpty()) {
      throw new PolicyException(problems);
    }
    return new Merge(own.orElseThrow(), defaults.orElseThrow(), ceiling.orElseThrow())
        .explain(tenant);
  }

  /**
   * The names of the tenants that have a file here, in alphabetical order. What those files hold is
   * not looked at.
   *
   * @throws PolicyException if the directory can't be read
   */
  public SortedSet<String> tenants() {
    SortedSet<String> tenants = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String tenant = name.substring(0, name.length() - SUFFIX.length());
        if (isTenant(tenant)) {
          tenants.add(tenant);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw problemsOf(directory)
          .fatal(Position.START, Code.UNREADABLE_FILE, "can't be read: " + e.getMessage());
    }
    return tenants;
  }

  private Path fileOf(String tenant) {
    // Before the name is made a path: it may come from a request.
    if (!isTenant(tenant)) {
      throw unknown(directory, Quoted.of(tenant) + " can't be a tenant's name");
    }
    Path file = directory.resolve(tenant + SUFFIX);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw unknown(file, "there is no policy for the tenant " + tenant);
    }
    return file;
  }

  private static boolean isTenant(String name) {
    return PolicyFormat.DNS_LABEL.matcher(name).matches() && !SHARED.contains(name);
  }

  private Settings readTenant(String tenant, Path file) {
    Problems problems = problemsOf(file);
    Settings settings = read(PolicyFormat.TENANT_FILE, file, problems);
    settings
        .get(PolicyFormat.TENANT)
        .filter(name -> !name.value().equals(tenant))
        .ifPresent(
            name ->
                problems.add(
                    at(name),
                    Code.TENANT_MISMATCH,
                    "the file of " + tenant + " says tenant: " + name.value()));
    problems.throwIfAny();
    return settings;
  }

  private Settings readShared(String name) {
    Path file = directory.resolve(name + SUFFIX);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Settings();
    }
    Problems problems = problemsOf(file);
    Settings settings = read(PolicyFormat.SHARED, file, problems);
    problems.throwIfAny();
    return settings;
  }

  private Settings read(Section format, Path file, Problems problems) {
    String text = PolicySource.read(directory, file, problems);
    YamlNode root =
        YamlReader.read(text, problems)
            .orElseGet(() -> new YamlNode.Mapping(Position.START, List.of()));
    return SettingsReader.read(format, root, file.getFileName().toString(), problems);
  }

  private static Position at(Setting<?> setting) {
    return new Position(setting.place().line(), setting.place().column());
  }

  private static PolicyException unknown(Path file, String message) {
    return problemsOf(file).fatal(Position.START, Code.UNKNOWN_TENANT, message);
  }

  private static Problems problemsOf(Path file) {
    return new Problems(Quoted.plain(file.toString()));
  }

  private static Optional<Settings> attempt(
      List<PolicyProblem> problems, java.util.function.Supplier<Settings> reading) {
    try {
      return Optional.of(reading.get());
    } catch (PolicyException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }
}
