package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 1: read /etc/shadow, the host user's home and the JVM's working directory. */
@AttackTest
@TenantPolicy
class HostSecretsAreNotVisibleIT {

  private static final AttackProgram ATTACK = new AttackProgram("read_secrets.py");

  @Test
  void aCommandSeesNoSecretOfTheHost(Tenant acme, HostCanaries canaries) throws IOException {
    Set<Path> planted = plant(canaries.secret());
    try {
      List<String> targets =
          new ArrayList<>(List.of("/etc/shadow", "/etc/gshadow", canaries.file().toString()));
      planted.forEach(secret -> targets.add(secret.toString()));

      Ran ran = Ran.of(acme, ATTACK.command(targets.toArray(String[]::new)));

      OutcomeAssert.assertThat(ran.outcome()).succeeded();
      assertThat(ran.stdout()).contains("DENIED /etc/shadow").doesNotContain("READ");
      assertThat(ran.stdout().lines()).hasSameSizeAs(targets);
    } finally {
      for (Path secret : planted) {
        Files.delete(secret);
      }
    }
  }

  @Test
  void theControlReadsThem(HostCanaries canaries, @TempDir Path directory) throws Exception {
    // Root reads /etc/shadow too; an ordinary user at least what is its own.
    Path shadow = Path.of("/etc/shadow");
    String readable = Files.isReadable(shadow) ? shadow.toString() : canaries.file().toString();

    String output = ATTACK.plainly(directory, canaries.file().toString(), readable).output();

    assertThat(output).contains(canaries.secret(), "READ " + readable);
  }

  /** A secret each in the home and the working directory, where this user may write to them. */
  private static Set<Path> plant(String secret) throws IOException {
    Set<Path> planted = new LinkedHashSet<>();
    for (String property : List.of("user.home", "user.dir")) {
      Path directory = Path.of(System.getProperty(property)).toAbsolutePath();
      if (Files.isDirectory(directory) && Files.isWritable(directory)) {
        planted.add(Files.writeString(directory.resolve("." + secret), secret));
      }
    }
    return planted;
  }
}
