package io.cordon.vm.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.program.JavaInstallation;
import io.cordon.vm.guest.RootTree.HostFile;
import io.cordon.vm.guest.RootTree.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaViewTest {
  @TempDir Path temporary;
  private Path home;
  private Path elsewhere;
  private JavaInstallation java;

  @BeforeEach
  void install() throws IOException {
    home = Files.createDirectories(temporary.toRealPath().resolve("jdk"));
    elsewhere = Files.createDirectories(temporary.toRealPath().resolve("etc"));
    for (String file :
        List.of("bin/java", "bin/javac", "lib/modules", "lib/jexec", "lib/src.zip", "conf/net")) {
      Files.writeString(
          Files.createDirectories(home.resolve(file).getParent()).resolve(name(file)), file);
    }
    java = JavaInstallation.ofThisJvm();
  }

  private static Path name(String file) {
    return Path.of(file).getFileName();
  }

  private View view(Map<Path, Path> files) throws IOException {
    return JavaView.of(home, java, files);
  }

  @Test
  void runtimeIsThereWithoutToolsAndSources() throws IOException {
    assertThat(view(Map.of()).tree().nodes())
        .containsEntry(
            Path.of("/cordon/java/conf/net"), new HostFile(home.resolve("conf/net"), false))
        .containsKeys(Path.of("/cordon/java/bin/java"), Path.of("/cordon/java/lib/modules"))
        .doesNotContainKeys(Path.of("/cordon/java/bin/javac"), Path.of("/cordon/java/lib/src.zip"));
  }

  @Test
  void onlyJavaAndItsLinkerMayBeExecuted() throws IOException {
    assertThat(view(Map.of()).shown())
        .filteredOn(Shown::executable)
        .containsExactlyInAnyOrder(
            new Shown(Path.of("/cordon/java/bin/java"), false, true),
            new Shown(java.interpreter().toRealPath(), false, true));
  }

  @Test
  void everyFileOfTheSystemIsShownByItself() throws IOException {
    View view = view(Map.of());
    assertThat(view.shown())
        .filteredOn(shown -> !shown.at().startsWith("/cordon"))
        .hasSizeGreaterThan(2)
        .noneMatch(Shown::directory);
    for (Path library : java.libraries()) {
      assertThat(view.shown()).contains(new Shown(library.toRealPath(), false, false));
    }
  }

  @Test
  void jarsAreInOneDirectoryAndWatched() throws IOException {
    Path jar = Files.writeString(temporary.toRealPath().resolve("a.jar"), "a");
    View view = view(Map.of(Path.of("/cordon/lib/a.jar"), jar));
    assertThat(view.tree().nodes())
        .containsEntry(Path.of("/cordon/lib/a.jar"), new HostFile(jar, false));
    assertThat(view.shown()).contains(new Shown(Path.of("/cordon/lib"), true, false));
    assertThat(view.watched()).containsExactly(jar);
  }

  @Test
  void linksOutOfTheRuntimeAreFollowedAndThoseWithinAreKept() throws IOException {
    Path settings = Files.writeString(elsewhere.resolve("java.security"), "x");
    Files.createSymbolicLink(home.resolve("conf/java.security"), settings);
    Files.createSymbolicLink(home.resolve("lib/alias"), Path.of("modules"));
    Files.createSymbolicLink(home.resolve("lib/dangling"), Path.of("/no/such/file"));
    assertThat(view(Map.of()).tree().nodes())
        .containsEntry(Path.of("/cordon/java/conf/java.security"), new HostFile(settings, false))
        .containsEntry(Path.of("/cordon/java/lib/alias"), new Link("modules"));
  }
}
