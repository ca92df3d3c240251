package io.cordon.process.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoTwoTenantsShareAUserTest {
  private static final IdRange LARGE = new IdRange(0x7800_0000L, 2_147_000_000L);

  /** So small that any two names collide. */
  private static final IdRange TWO = new IdRange(0x7800_0000L, 0x7800_0001L);

  private static final IdRange ONE = new IdRange(0x7800_0000L, 0x7800_0000L);

  @TempDir Path run;
  private Path base;

  @BeforeEach
  void base() {
    base = run.resolve("cordon");
  }

  @Test
  void tenantsOfOneApplicationHaveDifferentUsers() {
    try (ClaimedUsers users = Claimant.users(base, TWO);
        TenantIdentity acme = users.claim("acme");
        TenantIdentity globex = users.claim("globex")) {

      assertThat(acme.uid()).isNotEqualTo(globex.uid());
      assertThatThrownBy(() -> users.claim("initech"))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("initech");
    }
  }

  @Test
  void cellsOfOneTenantHaveTheSame() {
    try (ClaimedUsers users = Claimant.users(base, LARGE);
        TenantIdentity first = users.claim("acme");
        TenantIdentity second = users.claim("acme")) {

      assertThat(first.uid()).isEqualTo(second.uid());
    }
  }

  @Test
  void aTenantUsuallyGetsItsUserAgain() {
    int before;
    try (ClaimedUsers users = Claimant.users(base, LARGE)) {
      before = users.claim("acme").uid();
    }
    try (ClaimedUsers users = Claimant.users(base, LARGE)) {
      assertThat(users.claim("acme").uid()).isEqualTo(before);
    }
  }

  @Test
  void twoApplicationsOfOneJvmDoNotShare() {
    try (ClaimedUsers one = Claimant.users(base, TWO);
        ClaimedUsers other = Claimant.users(base, TWO)) {

      assertThat(one.claim("acme").uid()).isNotEqualTo(other.claim("acme").uid());
    }
  }

  @Test
  void twoJvmsDoNotShare() throws IOException {
    try (ClaimedUsers here = Claimant.users(base, TWO);
        TenantIdentity acme = here.claim("acme");
        Claimant there = Claimant.start(base, TWO, "acme")) {

      assertThat(there.uids()).doesNotContain(acme.uid());
      assertThatThrownBy(() -> here.claim("globex")).isInstanceOf(SandboxException.class);
    }
  }

  @Test
  void anApplicationThatClosesLeavesTheClaimsOfOthersInItsJvmInForce() throws IOException {
    try (ClaimedUsers here = Claimant.users(base, TWO)) {
      int kept = here.claim("acme").uid();
      Claimant.users(base, TWO).close();
      try (ClaimedUsers brief = Claimant.users(base, TWO)) {
        var _ = brief.claim("globex");
      }

      try (Claimant there = Claimant.start(base, TWO, "initech")) {
        assertThat(there.uids()).hasSize(1).doesNotContain(kept);
      }
    }
  }

  @Test
  void theUserOfADeadJvmCanBeHadAgain() throws IOException {
    try (ClaimedUsers here = Claimant.users(base, ONE)) {
      Claimant dead = Claimant.start(base, ONE, "globex");
      assertThatThrownBy(() -> here.claim("acme")).isInstanceOf(SandboxException.class);

      dead.close();

      assertThat(here.claim("acme").uid()).isEqualTo(dead.uids().getFirst());
    }
  }

  @Test
  void nothingOfADeadJvmStaysBehind() throws IOException {
    Claimant.start(base, LARGE, "acme", "globex").close();

    ClaimedUsers here = Claimant.users(base, LARGE);
    assertThat(entries()).hasSize(1); // ours
    here.close();
    assertThat(entries()).isEmpty();
  }

  @Test
  void aUserWhoseProcessesLiveIsNotGiven() throws IOException {
    Path proc = Files.createDirectory(run.resolve("proc"));
    status(proc, 10, "S (sleeping)", "0\t0\t0\t0");
    status(proc, 11, "S (sleeping)", "1000\t1000\t" + TWO.first() + "\t1000");

    try (ClaimedUsers users = Claimant.users(base, TWO, proc)) {
      assertThat(users.claim("acme").uid()).isEqualTo((int) TWO.last());
      assertThatThrownBy(() -> users.claim("globex")).isInstanceOf(SandboxException.class);
      assertThat(Files.exists(base.resolve("uid/" + TWO.first()), LinkOption.NOFOLLOW_LINKS))
          .isFalse();
    }
  }

  @Test
  void aUserWhoseProcessesAreDeadButNotWaitedForIs() throws IOException {
    Path proc = Files.createDirectory(run.resolve("proc"));
    String uid = Long.toString(ONE.first());
    status(proc, 11, "Z (zombie)", String.join("\t", uid, uid, uid, uid));

    try (ClaimedUsers users = Claimant.users(base, ONE, proc)) {
      assertThat(users.claim("acme").uid()).isEqualTo((int) ONE.first());
    }
  }

  private static void status(Path proc, long pid, String state, String uids) throws IOException {
    Path process = Files.createDirectory(proc.resolve(Long.toString(pid)));
    Files.writeString(
        process.resolve("status"),
        "Name:\tUid:\t7\nUmask:\t0022\nState:\t"
            + state
            + "\nUid:\t"
            + uids
            + "\nGid:\t0\t0\t0\t0\n");
  }

  @Test
  void anyNumberOfClaimsTakesOneDescriptor() throws IOException {
    try (ClaimedUsers users = Claimant.users(base, LARGE)) {
      var _ = users.claim("acme");
      long before = descriptors();
      List<TenantIdentity> claims = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        claims.add(users.claim("acme"));
        claims.add(users.claim("tenant-" + i % 50));
      }
      // Fewer, where what is left of a process that ended before was closed meanwhile.
      assertThat(descriptors()).isLessThanOrEqualTo(before);
      claims.forEach(TenantIdentity::close);
    }
    assertThat(entries()).isEmpty();
  }

  @Test
  void aClaimIsGivenBackOnce() {
    try (ClaimedUsers users = Claimant.users(base, ONE)) {
      TenantIdentity first = users.claim("acme");
      TenantIdentity second = users.claim("acme");
      first.close();
      first.close();

      assertThatThrownBy(() -> users.claim("globex")).isInstanceOf(SandboxException.class);
      assertThat(users.claim("acme").uid()).isEqualTo(second.uid());
    }
  }

  @Test
  void nothingIsClaimedInADirectoryThatOthersMayWriteTo() throws IOException {
    Files.createDirectory(base);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> Claimant.users(base, LARGE)).hasMessageContaining("see who made it");
  }

  @Test
  void nothingIsClaimedThroughASymbolicLink() throws IOException {
    Files.createSymbolicLink(base, Files.createDirectory(run.resolve("elsewhere")));

    assertThatThrownBy(() -> Claimant.users(base, LARGE)).hasMessageContaining("see who made it");
  }

  @Test
  void claimsAreForTheOwnerAlone() throws IOException {
    try (ClaimedUsers users = Claimant.users(base, LARGE)) {
      var _ = users.claim("acme");

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve("uid"))))
          .isEqualTo("rwx------");
    }
  }

  private List<String> entries() throws IOException {
    try (var entries = Files.list(base.resolve("uid"))) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static long descriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }
}
