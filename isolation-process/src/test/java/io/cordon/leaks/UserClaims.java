package io.cordon.leaks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks for users that were claimed for tenants, by the host that has claimed them. */
public final class UserClaims {

  private static final Path CLAIMS = Path.of("/run/cordon/uid");

  private UserClaims() {}

  /** The claims of the host whose JVM has or had this pid. */
  public static List<Path> of(long pid) {
    if (!Files.isReadable(CLAIMS)) {
      return List.of(); // only root has users to give
    }
    String owner = "owner-" + pid + "-";
    try (Stream<Path> all = Files.list(CLAIMS)) {
      return all.filter(claim -> owner(claim).startsWith(owner)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An owner's file has its name, and the link of a user leads to it. */
  private static String owner(Path claim) {
    try {
      return Files.readSymbolicLink(claim).toString();
    } catch (IOException noLinkOrGone) {
      return claim.getFileName().toString();
    }
  }
}
