package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A directory with one policy file per tenant ({@code acme.yaml}), a {@code defaults.yaml} that
 * fills keys that a tenant leaves out, and a {@code ceiling.yaml} that no tenant gets beyond. The
 * {@linkplain io.cordon.policy package's page} is the manual of these files.
 *
 * {@snippet :
 * PolicyDirectory policies = PolicyDirectory.of(Path.of("policies"));
 * Policy acme = policies.policy("acme");                   // policies/acme.yaml
 * policies.check().problems().forEach(System.err::println);
 * }
 *
 * <p>Nothing is kept: each call reads the files again. Safe for use by several threads.
 */
public final class PolicyDirectory {
  private static final String DEFAULTS = "defaults";
  private static final String CEILING = "ceiling";
  private static final String SUFFIX = ".yaml";
  private static final String WRONG_SUFFIX = ".yml";

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
   * @param tenant the tenant's name; one that can't be a tenant's is never made a path
   * @throws PolicyException if there is no such tenant, or one of the files is wrong
   */
  public Policy policy(String tenant) {
    return explain(tenant).policy();
  }

  /**
   * The policy of one tenant, with the origin of each value.
   *
   * @param tenant the tenant's name; one that can't be a tenant's is never made a path
   * @throws PolicyException if there is no such tenant, or one of the files is wrong
   */
  public PolicyExplanation explain(String tenant) {
    Path file = fileOf(tenant);
    List<PolicyProblem> problems = new ArrayList<>();
    Optional<Settings> own = attempt(() -> tenantFile(file, tenant), problems);
    Optional<Settings> defaults = attempt(() -> shared(DEFAULTS), problems);
    Optional<Settings> ceiling = attempt(() -> shared(CEILING), problems);
    if (!problems.isEmpty()) {
      throw new PolicyException(problems);
    }
    return new Merge(own.orElseThrow(), defaults.orElseThrow(), ceiling.orElseThrow())
        .explain(tenant);
  }

  /**
   * What stands in the files that decide about a tenant, in brief: as long as it is the same, so is
   * the policy, or what is wrong with it. Cheaper than to read the policy, and never throws: a file
   * that is not there, or can't be read, tells as much.
   *
   * @param tenant the tenant's name; one that can't be a tenant's is never made a path
   */
  public String fingerprint(String tenant) {
    if (!isTenant(tenant)) {
      return "";
    }
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(Files.isDirectory(directory) ? "directory" : "");
    for (String name : List.of(tenant, DEFAULTS, CEILING)) {
      fingerprint.add(directory, directory.resolve(name + SUFFIX));
      fingerprint.add(directory, directory.resolve(name + WRONG_SUFFIX));
    }
    return fingerprint.end();
  }

  /**
   * The names of the tenants that have a file here, in alphabetical order. What those files hold is
   * not looked at.
   *
   * @throws PolicyException if the directory can't be read
   */
  public NavigableSet<String> tenants() {
    NavigableSet<String> tenants = new TreeSet<>();
    for (Path file : files()) {
      tenantOf(file).ifPresent(tenants::add);
    }
    return tenants;
  }

  /**
   * Reads every file of the directory and lists what is wrong with any of them, with files whose
   * name keeps them from being read.
   *
   * @throws PolicyException if the directory can't be read
   */
  public PolicyCheck check() {
    List<String> read = new ArrayList<>();
    List<PolicyProblem> problems = new ArrayList<>();
    for (Path file : files()) {
      Optional<String> tenant = tenantOf(file);
      attempt(
          () -> {
            read.add(shown(file));
            return tenant.isPresent() ? tenantFile(file, tenant.get()) : sharedFile(file);
          },
          problems);
    }
    return new PolicyCheck(read, problems);
  }

  private Path fileOf(String tenant) {
    // Before the name is made a path: it may come from a request.
    if (!isTenant(tenant)) {
      throw unknown(directory, Quoted.of(tenant) + " can't be a tenant's name");
    }
    if (!Files.isDirectory(directory)) {
      throw fatal(directory, Code.UNREADABLE_FILE, "is not a directory");
    }
    Path file = wellNamed(tenant);
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw unknown(file, "there is no policy for the tenant " + tenant);
    }
    return file;
  }

  private static boolean isTenant(String name) {
    return PolicyFormat.DNS_LABEL.matcher(name).matches()
        && !name.equals(DEFAULTS)
        && !name.equals(CEILING);
  }

  /** What looks like a policy file, sorted by name. */
  private List<Path> files() {
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(directory, PolicyDirectory::looksLikePolicy)) {
      List<Path> files = new ArrayList<>();
      stream.forEach(files::add);
      files.sort(null);
      return files;
    } catch (IOException | DirectoryIteratorException e) {
      throw fatal(directory, Code.UNREADABLE_FILE, "can't be read: " + Quoted.plain(e.toString()));
    }
  }

  private static boolean looksLikePolicy(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && (name.endsWith(SUFFIX) || name.endsWith(WRONG_SUFFIX));
  }

  private static Optional<String> tenantOf(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(SUFFIX)
        ? Optional.of(name.substring(0, name.length() - SUFFIX.length()))
            .filter(PolicyDirectory::isTenant)
        : Optional.empty();
  }

  private Settings tenantFile(Path file, String tenant) {
    Problems problems = problemsOf(file);
    Settings settings = settings(PolicyFormat.TENANT_FILE, file, problems);
    settings
        .get(PolicyFormat.TENANT)
        .filter(name -> !name.value().equals(tenant))
        .ifPresent(
            name -> {
              Position at = new Position(name.place().line(), name.place().column());
              String message = "the file of " + tenant + " says that it is for " + name.value();
              problems.add(at, Code.TENANT_MISMATCH, message);
            });
    problems.throwIfAny();
    return settings;
  }

  /** What {@code defaults} or {@code ceiling} has; nothing if there is no such file. */
  private Settings shared(String name) {
    Path file = wellNamed(name);
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS) ? new Settings() : sharedFile(file);
  }

  /** Where that file is to be: to pass over a ceiling because of its spelling would lift it. */
  private Path wellNamed(String name) {
    Path misnamed = directory.resolve(name + WRONG_SUFFIX);
    if (!Files.notExists(misnamed, LinkOption.NOFOLLOW_LINKS)) {
      throw badName(misnamed);
    }
    return directory.resolve(name + SUFFIX);
  }

  private Settings sharedFile(Path file) {
    String name = file.getFileName().toString();
    if (!name.equals(DEFAULTS + SUFFIX) && !name.equals(CEILING + SUFFIX)) {
      throw badName(file);
    }
    Problems problems = problemsOf(file);
    Settings settings = settings(PolicyFormat.SHARED, file, problems);
    problems.throwIfAny();
    return settings;
  }

  private Settings settings(Section format, Path file, Problems problems) {
    String text = PolicySource.read(directory, file, problems);
    YamlNode root =
        YamlReader.read(text, problems)
            .orElseGet(() -> new YamlNode.Mapping(Position.START, List.of()));
    return SettingsReader.read(format, root, file.getFileName().toString(), problems);
  }

  private static Optional<Settings> attempt(
      Supplier<Settings> reading, List<PolicyProblem> problems) {
    try {
      return Optional.of(reading.get());
    } catch (PolicyException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private static PolicyException badName(Path file) {
    return fatal(
        file,
        Code.BAD_FILE_NAME,
        "would never be read: a policy is a tenant's name ("
            + PolicyFormat.TENANT_NAME
            + "), defaults or ceiling, and ends in .yaml");
  }

  private static PolicyException unknown(Path file, String message) {
    return fatal(file, Code.UNKNOWN_TENANT, message);
  }

  private static PolicyException fatal(Path file, Code code, String message) {
    return problemsOf(file).fatal(Position.START, code, message);
  }

  private static Problems problemsOf(Path file) {
    return new Problems(shown(file));
  }

  private static String shown(Path file) {
    return Quoted.plain(file.toString());
  }
}
