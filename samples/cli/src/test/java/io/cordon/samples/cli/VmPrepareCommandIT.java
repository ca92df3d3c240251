package io.cordon.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordon.samples.cli.CordonProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmPrepareCommandIT {
  /** Kept from one run of the tests to the next: a kernel is 27 MiB to fetch. */
  private static final Path KEPT =
      Path.of(System.getProperty("user.home"), ".cache", "cordon-vm-it", "prepared");

  @TempDir Path scratch;

  @Test
  void eachNeedIsReadyOrSaysWhatToDo() throws Exception {
    Result result =
        new CordonProcess(scratch).run("vm", "prepare", "--json", "--cache", KEPT.toString());
    JsonNode json = result.json();
    assertThat(json.get("needs").findValuesAsText("name"))
        .containsExactly("qemu", "erofs-utils", "e2fsprogs", "kernel", "java");
    boolean ready = true;
    for (JsonNode need : json.get("needs")) {
      ready &= need.get("met").asBoolean();
      if (!need.get("met").asBoolean()) {
        assertThat(need.get("detail").asText()).as(need.toString()).contains("apt-get");
      }
    }
    assertThat(json.get("ready").asBoolean()).isEqualTo(ready);
    assertThat(result.status()).isEqualTo(ready ? 0 : 1);
  }

  @Test
  void cacheThatOthersMayWriteToIsRefused() throws Exception {
    Path open = Files.createDirectories(scratch.resolve("open/vm"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Result result =
        new CordonProcess(scratch)
            .run("vm", "prepare", "--json", "--cache", scratch.resolve("open").toString());
    assertThat(result.status()).isEqualTo(ExitStatus.REFUSED.status());
    assertThat(result.json().at("/error/code").asText()).isEqualTo("cache-unusable");
  }
}
