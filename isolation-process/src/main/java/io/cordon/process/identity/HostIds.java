package io.cordon.process.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which ids this host has, and whom they belong to.
 *
 * @param mappedUids what the JVM's user namespace knows of user ids, from user_namespaces(7)
 * @param mappedGids the same of group ids
 * @param delegated the ranges of subuid(5) and subgid(5), which containers of users run as
 * @param accounts the ids of passwd(5) and group(5)
 */
record HostIds(
    List<IdRange> mappedUids,
    List<IdRange> mappedGids,
    List<IdRange> delegated,
    Set<Long> accounts) {

  /**
   * Where tenants' users are looked for, best first.
   *
   * <p>The upper end of what systemd's "Users, Groups, UIDs and GIDs" leaves unused (1879048192 to
   * 2147483647); its lower end is given to accounts of Active Directory by SSSD (up to 2000200000).
   * A container with few ids has the second.
   */
  private static final List<IdRange> PLACES =
      List.of(new IdRange(0x7800_0000L, 2_147_000_000L), new IdRange(30_000, 59_999));

  static HostIds read(Path proc, Path etc) {
    List<IdRange> delegated = new ArrayList<>(delegations(etc.resolve("subuid")));
    delegated.addAll(delegations(etc.resolve("subgid")));
    Set<Long> accounts = new HashSet<>(accounts(etc.resolve("passwd")));
    accounts.addAll(accounts(etc.resolve("group")));
    return new HostIds(
        mapped(proc.resolve("self/uid_map")),
        mapped(proc.resolve("self/gid_map")),
        delegated,
        accounts);
  }

  /** Lines of {@code inside outside count}. */
  private static List<IdRange> mapped(Path file) {
    return lines(file).stream()
        .map(line -> line.strip().split(" +", -1))
        .map(field -> IdRange.ofCount(Long.parseLong(field[0]), Long.parseLong(field[2])))
        .toList();
  }

  /** Lines of {@code name:first:count}. */
  private static List<IdRange> delegations(Path file) {
    return lines(file).stream()
        .map(line -> line.strip().split(":", -1))
        .filter(field -> field.length == 3 && isNumber(field[1]) && isNumber(field[2]))
        .filter(field -> Long.parseLong(field[2]) > 0)
        .map(field -> IdRange.ofCount(Long.parseLong(field[1]), Long.parseLong(field[2])))
        .toList();
  }

  /** Lines of {@code name:password:id:...}. */
  private static Set<Long> accounts(Path file) {
    Set<Long> ids = new HashSet<>();
    for (String line : lines(file)) {
      String[] field = line.split(":", 4);
      if (field.length > 2 && isNumber(field[2])) {
        ids.add(Long.parseLong(field[2]));
      }
    }
    return ids;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 12
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, ISO_8859_1); // a person's name may be in any encoding
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("who has which ids on this host is not known", e);
    }
  }

  /** Where tenants' users are looked for here. */
  Optional<IdRange> place() {
    return PLACES.stream()
        .filter(
            place ->
                mappedUids.stream().anyMatch(range -> range.contains(place))
                    && mappedGids.stream().anyMatch(range -> range.contains(place)))
        .findFirst();
  }

  /** Whether an id is nobody's. */
  boolean free(long id) {
    return !accounts.contains(id) && delegated.stream().noneMatch(range -> range.contains(id));
  }
}
