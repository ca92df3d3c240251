package io.cordon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
  @TempDir Path directory;

  @Test
  void itIsMadeSoThatNobodyElseCanWriteToIt() throws IOException {
    Path made = CacheDirectory.prepare(directory.resolve("a/b"));

    assertThat(mode(made)).isEqualTo("rwxr-xr-x");
    assertThat(mode(directory.resolve("a"))).startsWith("rwxr-x");
    assertThat(CacheDirectory.prepare(made)).isEqualTo(made);
    assertThat(made).isEmptyDirectory();
  }

  @Test
  void oneThatOthersMayWriteToIsRefused() throws IOException {
    for (String mode : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
      Path open = Files.createDirectory(directory.resolve(mode));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));

      assertRefused(open);
    }
  }

  @Test
  void aLinkIsRefusedEvenToADirectoryOfTheUsers() throws IOException {
    Path real = CacheDirectory.prepare(directory.resolve("real"));

    assertRefused(Files.createSymbolicLink(directory.resolve("link"), real));
  }

  @Test
  void aFileIsRefused() throws IOException {
    assertRefused(Files.createFile(directory.resolve("file")));
  }

  @Test
  void oneOfAnotherUserIsRefused() throws IOException {
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Foreign.give(foreign);

    assertRefused(foreign);
  }

  private static void assertRefused(Path directory) {
    assertThatThrownBy(() -> CacheDirectory.prepare(directory))
        .isInstanceOfSatisfying(
            SandboxException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CACHE_UNUSABLE))
        .hasMessageContaining(directory.toString());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
