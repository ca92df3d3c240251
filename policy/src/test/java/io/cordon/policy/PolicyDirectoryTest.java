package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.policy.PolicyProblem.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDirectoryTest {
  @TempDir private Path outside;
  private Path directory;
  private PolicyFiles files;

  @BeforeEach
  void directory(@TempDir Path directory) {
    this.directory = directory;
    files = new PolicyFiles(directory);
  }

  @Test
  void theTenantsAreTheFilesWithATenantsName() throws IOException {
    for (String name :
        new String[] {
          "acme.yaml", "globex-2.yaml", "0.yaml", "defaults.yaml", "ceiling.yaml", "Acme.yaml",
          "initech.yml", "-a.yaml", ".hidden.yaml", "a.b.yaml", "README.md", ".yaml"
        }) {
      Files.createFile(directory.resolve(name));
    }
    assertThat(PolicyDirectory.of(directory).tenants()).containsExactly("0", "acme", "globex-2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../acme",
        "acme/../acme",
        "/etc/passwd",
        "ACME",
        "acme.yaml",
        "acme\n",
        "\nacme",
        "acme\0",
        "acme ",
        "a_b",
        "-acme",
        "acme-",
        "äcme",
        "ａcme",
        "defaults",
        "ceiling",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aNameThatIsNoDnsLabelIsNoTenantAndNoPath(String name) {
    files.acme("").with("defaults.yaml", "tenant: defaults");

    PolicyException refused = refused(name);

    assertThat(refused.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.UNKNOWN_TENANT);
              // The directory itself: no path was made with the name.
              assertThat(problem.file()).isEqualTo(directory.toString());
              assertThat(problem.message()).doesNotContain("\n", "\0");
            });
  }

  @Test
  void aTenantWithoutAFileIsUnknown() {
    assertThat(refused("acme").problems())
        .containsExactly(
            new PolicyProblem(
                directory.resolve("acme.yaml").toString(),
                1,
                1,
                Code.UNKNOWN_TENANT,
                "there is no policy for the tenant acme"));
  }

  @Test
  void aMissingDirectoryIsNamed() {
    PolicyDirectory missing = PolicyDirectory.of(directory.resolve("nowhere"));
    for (Runnable call :
        new Runnable[] {() -> missing.policy("acme"), missing::tenants, missing::check}) {
      assertThat(catchThrowableOfType(PolicyException.class, call::run).problems())
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.code()).isEqualTo(Code.UNREADABLE_FILE);
                assertThat(problem.file()).endsWith("nowhere");
              });
    }
  }

  @Test
  void linksWithinTheDirectoryAreFollowed() throws IOException {
    // How Kubernetes mounts a ConfigMap: NAME -> ..data/NAME, ..data -> ..TIMESTAMP.
    Path data = Files.createDirectory(directory.resolve("..2026_01_01"));
    Files.writeString(data.resolve("acme.yaml"), "tenant: acme\nsandbox: { pids.max: 7 }\n");
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01_01"));
    Files.createSymbolicLink(directory.resolve("acme.yaml"), Path.of("..data/acme.yaml"));

    assertThat(files.policy().sandbox().pidsMax()).isEqualTo(7);
  }

  @Test
  void aDirectoryThatIsItselfALinkIsFollowed() throws IOException {
    files.acme("");
    Path link = Files.createSymbolicLink(outside.resolve("policies"), directory);
    assertThat(PolicyDirectory.of(link).policy("acme").tenant()).isEqualTo("acme");
  }

  @Test
  void aLinkOutOfTheDirectoryIsRefused() throws IOException {
    Path secret = Files.writeString(outside.resolve("secret"), "tenant: acme\n");
    Files.createSymbolicLink(directory.resolve("acme.yaml"), secret);
    assertUnreadable("is a link out of the policy directory");
  }

  @Test
  void aLinkToADeviceIsRefused() throws IOException {
    Files.createSymbolicLink(directory.resolve("acme.yaml"), Path.of("/dev/zero"));
    assertUnreadable("is a link out of the policy directory");
  }

  @Test
  void aLinkToNowhereOrInARingIsRefusedNotPassedOver() throws IOException {
    files.acme("");
    Path ceiling = Files.createSymbolicLink(directory.resolve("ceiling.yaml"), Path.of("gone"));
    assertUnreadable("can't be read");

    Files.delete(ceiling);
    Files.createSymbolicLink(ceiling, Path.of("ceiling.yaml"));
    assertUnreadable("can't be read");
  }

  @Test
  void aDirectoryInPlaceOfAFileIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("acme.yaml"));
    assertUnreadable("is not a regular file");
  }

  @Test
  void aFifoInPlaceOfAFileIsRefusedWithoutWaitingForAWriter() throws Exception {
    Path fifo = directory.resolve("acme.yaml");
    Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start();
    assumeTrue(mkfifo.waitFor() == 0, "mkfifo can't make a FIFO here");
    assertUnreadable("is not a regular file");
  }

  @Test
  void aCeilingIsNotPassedOverForItsSpelling() {
    files.acme("").with("ceiling.yml", "sandbox: { memory.max: 64Mi }");
    assertThat(files.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.BAD_FILE_NAME);
              assertThat(problem.file()).endsWith("ceiling.yml");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTenantsFileIsNotPassedOverForItsSpelling(boolean besideAnother) {
    files.with("acme.yml", "tenant: acme");
    if (besideAnother) {
      files.acme("");
    }
    assertThat(files.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.BAD_FILE_NAME);
              assertThat(problem.file()).endsWith("acme.yml");
            });
  }

  @Test
  void aCheckReadsEveryFileAndFindsTheMisnamedOnes() {
    files
        .acme("a: 1")
        .with("globex.yaml", "tenant: globex")
        .with("ceiling.yaml", "b: 2")
        .with("Initech.yaml", "tenant: initech")
        .with("hooli.yml", "tenant: hooli")
        .with("evil\n\u001b[31m.yaml", "tenant: evil")
        .with(".acme.yaml.swp", "\0")
        .with("README.md", "# not a policy");

    PolicyCheck check = PolicyDirectory.of(directory).check();

    String prefix = directory + "/";
    assertThat(check.files().stream().map(file -> file.replace(prefix, "")))
        .containsExactly(
            "Initech.yaml",
            "acme.yaml",
            "ceiling.yaml",
            "evil\\u000a\\u001b[31m.yaml",
            "globex.yaml",
            "hooli.yml");
    assertThat(check.problems().stream().map(p -> p.code() + " " + p.file().replace(prefix, "")))
        .containsExactly(
            "BAD_FILE_NAME Initech.yaml",
            "UNKNOWN_KEY acme.yaml",
            "UNKNOWN_KEY ceiling.yaml",
            "BAD_FILE_NAME evil\\u000a\\u001b[31m.yaml",
            "BAD_FILE_NAME hooli.yml");
  }

  @Test
  void everyCallReadsTheFilesAgain() {
    files.acme("sandbox: { pids.max: 1 }");
    PolicyDirectory policies = PolicyDirectory.of(directory);
    assertThat(policies.policy("acme").sandbox().pidsMax()).isEqualTo(1);

    files.acme("sandbox: { pids.max: 2 }");
    assertThat(policies.policy("acme").sandbox().pidsMax()).isEqualTo(2);
  }

  @Test
  void anExceptionKeepsItsProblemsWhenItIsSerialised() throws Exception {
    PolicyException refused = refused("acme");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(refused);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((PolicyException) in.readObject()).problems()).isEqualTo(refused.problems());
    }
  }

  private PolicyException refused(String tenant) {
    return catchThrowableOfType(
        PolicyException.class, () -> PolicyDirectory.of(directory).policy(tenant));
  }

  private void assertUnreadable(String message) {
    assertThat(files.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.UNREADABLE_FILE);
              assertThat(problem.message()).startsWith(message);
            });
  }

  @Test
  void aFingerprintChangesWithEachFileThatDecides() throws IOException {
    PolicyDirectory policies = PolicyDirectory.of(directory);
    List<String> seen = new ArrayList<>();
    seen.add(policies.fingerprint("acme"));
    for (String name :
        List.of("acme.yaml", "acme.yml", "defaults.yaml", "ceiling.yaml", "ceiling.yml")) {
      Files.writeString(directory.resolve(name), "# nothing");
      seen.add(policies.fingerprint("acme"));
    }
    Files.writeString(directory.resolve("defaults.yaml"), "# anything");
    seen.add(policies.fingerprint("acme"));
    Files.delete(directory.resolve("acme.yaml"));
    seen.add(policies.fingerprint("acme"));
    Files.createDirectory(directory.resolve("acme.yaml"));
    seen.add(policies.fingerprint("acme"));
    assertThat(seen).doesNotHaveDuplicates();

    Files.writeString(directory.resolve("globex.yaml"), "# another tenant's");
    assertThat(policies.fingerprint("acme")).isEqualTo(seen.getLast());
  }

  @Test
  void aNameThatIsNoTenantsIsNeverMadeAPath() {
    PolicyDirectory policies = PolicyDirectory.of(directory);

    assertThat(policies.fingerprint("../acme")).isEqualTo(policies.fingerprint("a\0b"));
  }
}
