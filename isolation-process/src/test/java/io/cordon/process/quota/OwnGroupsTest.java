package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a JVM's groups are, in the tables of the hosts that there are. */
class OwnGroupsTest {
  @TempDir Path root;

  private Path directory(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  private String v1(String point, String mountRoot, String controllers) {
    return "35 31 0:32 "
        + mountRoot
        + " "
        + root.resolve(point)
        + " rw,relatime shared:7 - cgroup cgroup rw,"
        + controllers;
  }

  private String v2(String point, String mountRoot) {
    return "41 31 0:38 "
        + mountRoot
        + " "
        + root.resolve(point)
        + " rw - cgroup2 none rw,nsdelegate";
  }

  @Test
  void eachControllerHasAGroupOfItsOwn() throws IOException {
    directory("memory/app/7");
    directory("cpu,cpuacct");
    OwnGroups own =
        OwnGroups.parse(
            List.of(v1("memory", "/", "memory"), v1("cpu,cpuacct", "/", "cpu,cpuacct")),
            List.of("4:memory:/app/7", "1:cpu,cpuacct:/", "9:name=systemd:/x", "0::/"));

    assertThat(own.v1(Controller.MEMORY)).contains(root.resolve("memory/app/7"));
    assertThat(own.v1(Controller.CPU)).isEqualTo(own.v1(Controller.CPUACCT)).isPresent();
    assertThat(own.v1(Controller.PIDS)).isEmpty();
    assertThat(own.v2()).isEmpty();
  }

  @Test
  void aContainerSeesItsGroupAtTheMountPoint() throws IOException {
    directory("memory");
    OwnGroups own =
        OwnGroups.parse(
            List.of(v1("memory", "/docker/abc", "memory")), List.of("4:memory:/docker/abc"));

    assertThat(own.v1(Controller.MEMORY).orElseThrow()).isEqualTo(root.resolve("memory"));
  }

  @Test
  void aGroupBelowTheContainersIsBelowTheMountPoint() throws IOException {
    directory("memory/inner");
    OwnGroups own =
        OwnGroups.parse(
            List.of(v1("memory", "/docker/abc", "memory")), List.of("4:memory:/docker/abc/inner"));

    assertThat(own.v1(Controller.MEMORY).orElseThrow()).isEqualTo(root.resolve("memory/inner"));
  }

  @Test
  void aMountThatDoesNotShowTheGroupIsPassedOver() throws IOException {
    directory("elsewhere");
    directory("memory/app");
    OwnGroups own =
        OwnGroups.parse(
            List.of(v1("elsewhere", "/docker/abcdef", "memory"), v1("memory", "/", "memory")),
            List.of("4:memory:/app"));

    assertThat(own.v1(Controller.MEMORY).orElseThrow()).isEqualTo(root.resolve("memory/app"));
  }

  @Test
  void aGroupOutsideTheCgroupNamespaceIsNone() throws IOException {
    directory("unified");
    OwnGroups own = OwnGroups.parse(List.of(v2("unified", "/")), List.of("0::/../app"));

    assertThat(own.v2()).isEmpty();
  }

  @Test
  void aGroupWithoutADirectoryIsNone() {
    OwnGroups own = OwnGroups.parse(List.of(v2("unified", "/")), List.of("0::/gone"));

    assertThat(own.v2()).isEmpty();
  }

  @Test
  void namesMayHoldColonsAndTheMountPointSpaces() throws IOException {
    directory("my cgroups/a:b");
    OwnGroups own = OwnGroups.parse(List.of(v2("my\\040cgroups", "/")), List.of("0::/a:b"));

    assertThat(own.v2().orElseThrow()).isEqualTo(root.resolve("my cgroups/a:b"));
  }

  @Test
  void linesOfNoUseAreIgnored() {
    OwnGroups own = OwnGroups.parse(List.of("", "1 2 3", "1 2 3 4 5 6 -"), List.of("", "::", "x"));

    assertThat(own.mounts()).isEmpty();
    assertThat(own.v1(Controller.MEMORY)).isEmpty();
  }
}
