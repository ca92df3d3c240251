package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.SandboxTest;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The working directory is memory: a jar that disk.max has room for need not fit into that. */
@SandboxTest
class LargeJarMeetsMemoryMaxIT {
  private static final int MIB = 1 << 20;

  @Test
  void whatOpeningItTakesIsHeldToItsMemory(
      Sandboxes sandboxes, PolicyFolder policies, @TempDir Path directory) throws IOException {
    policies.tenant("tight", policy("tight", "192Mi"));
    Tenant tight = sandboxes.tenant("tight");
    assumeThat(tight.explain(Command.of("true")).isolation().tier())
        .as("who charges file systems in memory: without control groups nobody but disk.max does")
        .startsWith("cgroup");

    tight.open(Plugin.jar(jar(directory.resolve("small.jar"), 8))).close();
    OutcomeException ended =
        catchThrowableOfType(
            OutcomeException.class,
            () -> tight.open(Plugin.jar(jar(directory.resolve("large.jar"), 300))).close());

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  private static String policy(String tenant, String memoryMax) {
    return """
        tenant: %s
        sandbox: { memory.max: %s, disk.max: { bytes: 1Gi, inodes: 1k } }
        task: { start.max: 30s }
        """
        .formatted(tenant, memoryMax);
  }

  /** With what no compression makes smaller. */
  private static Path jar(Path file, int mib) throws IOException {
    byte[] noise = new byte[MIB];
    new Random(1).nextBytes(noise);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.setLevel(Deflater.NO_COMPRESSION);
      jar.putNextEntry(new JarEntry("noise"));
      for (int written = 0; written < mib; written++) {
        jar.write(noise);
      }
    }
    assertThat(Files.size(file)).isGreaterThan((long) mib * MIB);
    return file;
  }

  @Test
  void theControlOpensWithEnoughMemory(
      Sandboxes sandboxes, PolicyFolder policies, @TempDir Path directory) throws IOException {
    policies.tenant("roomy", policy("roomy", "768Mi"));
    try (Sandbox box =
        sandboxes.tenant("roomy").open(Plugin.jar(jar(directory.resolve("large.jar"), 300)))) {
      assertThat(box.usage().now().memory()).isPresent();
    }
  }
}
