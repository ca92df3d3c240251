package io.cordon.process.identity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Another JVM of this host: claims one user for each tenant it is given, says which, and stays. */
final class Claimant implements AutoCloseable {
  private final Process process;
  private final List<Integer> uids = new ArrayList<>();

  private Claimant(Process process) {
    this.process = process;
  }

  static Claimant start(Path base, IdRange place, String... tenants) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Claimant.class.getName(),
                base.toString(),
                Long.toString(place.first()),
                Long.toString(place.last())));
    command.addAll(List.of(tenants));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Claimant claimant = new Claimant(process);
    BufferedReader lines = process.inputReader();
    for (int i = 0; i < tenants.length; i++) {
      claimant.uids.add(Integer.parseInt(String.valueOf(lines.readLine())));
    }
    return claimant;
  }

  List<Integer> uids() {
    return uids;
  }

  /** Ends it without a chance to clean up. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  static ClaimedUsers users(Path base, IdRange place) {
    return users(base, place, Path.of("/proc"));
  }

  static ClaimedUsers users(Path base, IdRange place, Path proc) {
    try {
      int uid = (int) Files.getAttribute(base.getParent(), "unix:uid");
      HostIds ids = new HostIds(List.of(), List.of(), List.of(), Set.of());
      return new ClaimedUsers(
          ClaimBook.open(base, uid, ProcessHandle.current()), ids, place, new Residents(proc));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void main(String[] args) throws IOException {
    IdRange place = new IdRange(Long.parseLong(args[1]), Long.parseLong(args[2]));
    ClaimedUsers users = users(Path.of(args[0]), place);
    for (int i = 3; i < args.length; i++) {
      System.out.println(users.claim(args[i]).uid());
    }
    var _ = System.in.read(); // ends with the one who started it
  }
}
