package io.cordon.process.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIdsTest {
  private static final String ALL = "         0          0 4294967295\n";

  @TempDir Path root;

  @BeforeEach
  void anOrdinaryHost() throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("etc"));
    write("proc/self/uid_map", ALL);
    write("proc/self/gid_map", ALL);
    write(
        "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nJ\u00fcrgen:x:2013265930:1000::/:/bin/sh\n");
    write("etc/group", "root:x:0:\nstaff:x:2013265940:a,b\n");
    write("etc/subuid", "podman:2013265950:10\n");
    write("etc/subgid", "podman:2013265970:10\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(root.resolve(file), text, StandardCharsets.ISO_8859_1);
  }

  private HostIds ids() {
    return HostIds.read(root.resolve("proc"), root.resolve("etc"));
  }

  @Test
  void looksWhereNeitherSystemdNorSssdGivesIds() {
    IdRange place = ids().place().orElseThrow();

    assertThat(place.first()).isGreaterThan(2_000_200_000L);
    assertThat(place.last()).isLessThan(Integer.MAX_VALUE);
  }

  @Test
  void anIdOfAnAccountOrAGroupIsTaken() {
    assertThat(ids().free(2013265930L)).isFalse();
    assertThat(ids().free(2013265940L)).isFalse();
    assertThat(ids().free(2013265931L)).isTrue();
  }

  @Test
  void aDelegatedRangeIsTakenFromItsFirstToItsLast() {
    assertThat(ids().free(2013265949L)).isTrue();
    assertThat(ids().free(2013265950L)).isFalse();
    assertThat(ids().free(2013265959L)).isFalse();
    assertThat(ids().free(2013265960L)).isTrue();
    assertThat(ids().free(2013265975L)).isFalse();
  }

  @Test
  void aContainerWith65536IdsHasAPlaceWithinThem() throws IOException {
    write("proc/self/uid_map", "0 100000 65536\n");
    write("proc/self/gid_map", "0 100000 65536\n");

    assertThat(ids().place()).contains(new IdRange(30_000, 59_999));
  }

  @Test
  void aUserNamespaceWithOneIdHasNone() throws IOException {
    write("proc/self/uid_map", "0 1000 1\n");

    assertThat(ids().place()).isEmpty();
  }

  @Test
  void aHostWithoutTheseFilesHasNothingTaken() throws IOException {
    Files.delete(root.resolve("etc/subuid"));
    Files.delete(root.resolve("etc/subgid"));

    assertThat(ids().free(2013265950L)).isTrue();
  }

  @Test
  void linesThatSayNothingAreIgnored() throws IOException {
    write("etc/subuid", "# comment\n\npodman:x:10\npodman:1:0\npodman:2013265950:10\n");
    write("etc/passwd", "\n+::::::\nnobody:x:99999999999999999999:1\n");

    assertThat(ids().free(2013265951L)).isFalse();
    assertThat(ids().accounts()).containsExactlyInAnyOrder(0L, 2013265940L);
  }
}
