package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.harness.HostJvm;
import io.cordon.harness.OutcomeAssert;
import io.cordon.policy.Limit;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attack 66: a plugin's jar of an eighth of a megabyte, with an entry that is a thousand times as
 * large. {@link HostUnharmed} holds the host's heap flat.
 */
interface JarBombMeetsMemoryMax {

  String BOMB = "attacker/Bomb.class";
  String SERVICES = "META-INF/services/io.cordon.attacks.Guest";
  int MIB = 1 << 20;

  private static Path packed(Path directory, String giant) throws IOException {
    Path jar = directory.resolve("bomb.jar");
    byte[] zeros = new byte[MIB];
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      if (!giant.equals(SERVICES)) {
        out.putNextEntry(new JarEntry(SERVICES));
        out.write("attacker.Bomb".getBytes(StandardCharsets.UTF_8));
      }
      out.putNextEntry(new JarEntry(giant));
      for (int written = 0; written < 128; written++) {
        out.write(zeros);
      }
    }
    assertThat(Files.size(jar)).isLessThan(MIB);
    return jar;
  }

  @ParameterizedTest
  @ValueSource(strings = {BOMB, SERVICES})
  default void whoeverUnpacksItIsHeldToItsMemory(
      String giant, Tenant acme, Tenant victim, @TempDir Path directory) throws IOException {
    try (Sandbox box = acme.open(Plugin.jar(packed(directory, giant)))) {
      OutcomeException ended =
          catchThrowableOfType(OutcomeException.class, () -> box.service(Guest.class));

      // Whoever notices first, the JVM or the kernel, says so; the limit is the same.
      OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
    }
    assertThat(PeacefulPlugin.act(victim, directory, "there")).isEqualTo("there");
  }

  @Test
  default void theControlTakesItsHostsMemory(@TempDir Path directory) throws Exception {
    try (HostJvm host =
        HostJvm.start(
            PluginHost.class,
            List.of(packed(directory, BOMB)),
            List.of("-Xmx64m"),
            Map.of(),
            List.of("attacker.Bomb", "nothing"))) {
      assertThat(host.rest()).doesNotContain("the host lives");
      assertThat(host.status()).isNotZero();
      assertThat(host.errors()).contains("OutOfMemoryError");
    }
  }
}
