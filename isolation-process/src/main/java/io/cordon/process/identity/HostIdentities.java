package io.cordon.process.identity;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out as whom this JVM can let tenants run. */
public final class HostIdentities {
  private static final int ROOT = 0;
  private static final Path CLAIMS = Path.of("/run/cordon");

  private HostIdentities() {}

  /**
   * As root, a user for each tenant; otherwise the JVM's own user for all.
   *
   * @throws SandboxException as root, if no users can be claimed on this host
   */
  public static TenantIdentities detect() {
    return detect(Path.of("/proc"), Path.of("/etc"), CLAIMS);
  }

  static TenantIdentities detect(Path proc, Path etc, Path claims) {
    try {
      int uid = effectiveUid(proc.resolve("self/status"));
      return uid == ROOT ? ofRoot(proc, etc, claims) : new OwnUser(uid);
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE,
          "no users can be claimed for tenants: "
              + e
              + "; "
              + claims
              + " has to be on a file"
              + " system that root can write to, such as a tmpfs on /run",
          e);
    }
  }

  /** Not the owner of /proc/self, which is root for a process that may not be dumped. */
  private static int effectiveUid(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("Uid:")) {
        return Integer.parseUnsignedInt(line.split("\t", -1)[2]); // real, effective, saved, fs
      }
    }
    throw new IOException(status + " has no line Uid");
  }

  private static TenantIdentities ofRoot(Path proc, Path etc, Path claims) throws IOException {
    HostIds ids = HostIds.read(proc, etc);
    IdRange place =
        ids.place()
            .orElseThrow(
                () ->
                    new SandboxException(
                        ErrorCode.STRATEGY_UNUSABLE,
                        "root here has no other users to run tenants as, only "
                            + ids.mappedUids()
                            + " and groups "
                            + ids.mappedGids()
                            + "; map 65536 ids into this container, or run as an ordinary user"));
    ClaimBook book = ClaimBook.open(claims, ROOT, ProcessHandle.current());
    return new ClaimedUsers(book, ids, place, new Residents(proc));
  }
}
