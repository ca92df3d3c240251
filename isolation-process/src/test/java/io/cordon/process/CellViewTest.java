package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.FileTree.Bind;
import io.cordon.process.seccomp.Profile;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellViewTest {
  private static final Host USER = new Host(1000, 1000, 7, true, 40, Map.of());

  private final NativeView nativeView = NativeView.ofThisHost();
  private final JavaRuntime runtime = JavaRuntime.ofThisJvm();

  @Test
  void nativeProgramIsLookedForLikeAShellDoes() {
    Execution execution = view(CellRun.command("env", "-0")).execution().orElseThrow();
    assertThat(execution.program()).isEqualTo("/usr/bin/env");
    assertThat(execution.arguments()).containsExactly("env", "-0");
  }

  @Test
  void missingProgramIsRefusedBeforeAnythingIsLaunched() {
    assertRefused(ErrorCode.PROGRAM_NOT_FOUND, () -> view(CellRun.command("no-such-program-here")));
  }

  @Test
  void nothingOfUsersOrSecretsIsInView() {
    assertThat(view(CellRun.command("env")).tree().nodes())
        .doesNotContainKeys(
            Path.of("/home"),
            Path.of("/root"),
            Path.of("/var"),
            Path.of("/run"),
            Path.of("/sys"),
            Path.of("/opt"),
            Path.of("/etc"),
            Path.of("/etc/shadow"),
            Path.of("/etc/ssl"))
        .allSatisfy(
            (at, node) -> {
              if (node instanceof Bind bind) {
                assertThat(bind.source().toString()).matches("/(usr|bin|sbin|lib.*|etc/.+)");
              }
            });
  }

  @Test
  void specifiedEnvironmentPrecedes() {
    CellSpec spec =
        with(CellRun.command("env"), Map.of("HOME", "/tmp", "LANG", "C", "PATH", "/usr/bin"));
    assertThat(view(spec).execution().orElseThrow().environment())
        .isEqualTo(Map.of("HOME", "/tmp", "LANG", "C", "PATH", "/usr/bin", "TMPDIR", "/tmp"));
  }

  @Test
  void javaProgramSeesTheRuntimeAndItsJars(@TempDir Path directory) throws IOException {
    Path jar = Files.writeString(directory.resolve("app.jar"), "").toRealPath();
    Path cache = Files.writeString(directory.resolve("any.aot"), "").toRealPath();
    CellView view =
        view(
            CellRun.spec(
                new Program.Jvm(
                    List.of("-Xmx64m"),
                    List.of(jar),
                    Optional.of(cache),
                    "app.Main",
                    List.of("one"))));
    assertThat(view.profile()).isEqualTo(Profile.JVM);
    assertThat(view.execution().orElseThrow().arguments())
        .containsExactly(
            "java",
            "-Xmx64m",
            "-XX:AOTCache=/cordon/startup.aot",
            "-cp",
            "/cordon/lib/app.jar",
            "app.Main",
            "one");
    assertThat(view.tree().nodes())
        .containsEntry(Path.of("/cordon/lib/app.jar"), new Bind(jar, false, false))
        .containsEntry(Path.of("/cordon/startup.aot"), new Bind(cache, false, false))
        .containsKeys(Path.of("/cordon/java/bin/java"), Path.of("/cordon/java/lib"))
        .doesNotContainKeys(Path.of("/usr"), Path.of("/bin"), Path.of("/cordon/java/jmods"));
  }

  @Test
  void onlyTheJavaProgramAndItsLinkerMayBeExecuted(@TempDir Path directory) throws IOException {
    Path jar = Files.writeString(directory.resolve("app.jar"), "");
    CellView view = view(jvm(jar));
    assertThat(view.tree().nodes().entrySet())
        .filteredOn(entry -> entry.getValue() instanceof Bind bind && bind.executable())
        .extracting(entry -> entry.getKey().getFileName().toString())
        .hasSize(2)
        .contains("java")
        .anyMatch(name -> name.startsWith("ld-"));
  }

  @Test
  void jarsOfOneNameAreRefused(@TempDir Path directory) throws IOException {
    Path first = Files.writeString(directory.resolve("app.jar"), "");
    Path other = Files.createDirectory(directory.resolve("other"));
    Path second = Files.writeString(other.resolve("app.jar"), "");
    assertRefused(ErrorCode.LAUNCH_FAILED, () -> view(jvm(first, second)));
  }

  @Test
  void jarThatWouldSplitTheClassPathIsRefused(@TempDir Path directory) throws IOException {
    Path jar = Files.writeString(directory.resolve("a:b.jar"), "");
    assertRefused(ErrorCode.LAUNCH_FAILED, () -> view(jvm(jar)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/a", "../a", "a\0b"})
  void inputWithoutPlainNameIsRefused(String name) {
    assertRefused(
        ErrorCode.LAUNCH_FAILED,
        () -> view(CellRun.withInput(CellRun.command("env"), name, new byte[0])));
  }

  @Test
  void inputsOfOneNameAreRefused() {
    CellSpec spec = CellRun.withInput(CellRun.command("env"), "a", "1".getBytes(UTF_8));
    assertRefused(ErrorCode.LAUNCH_FAILED, () -> view(CellRun.withInput(spec, "a", new byte[0])));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A=B", "A\0"})
  void variableThatCannotBeIsRefused(String name) {
    assertRefused(
        ErrorCode.LAUNCH_FAILED, () -> view(with(CellRun.command("env"), Map.of(name, "1"))));
  }

  private CellView view(CellSpec spec) {
    return CellView.of(USER, spec, () -> nativeView, () -> runtime);
  }

  private static CellSpec jvm(Path... jars) {
    return CellRun.spec(
        new Program.Jvm(List.of(), List.of(jars), Optional.empty(), "app.Main", List.of()));
  }

  private static CellSpec with(CellSpec spec, Map<String, String> environment) {
    return new CellSpec(
        spec.tenant(),
        spec.name(),
        spec.program(),
        environment,
        spec.inputs(),
        spec.limits(),
        spec.tenantLimits(),
        spec.startMax());
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
