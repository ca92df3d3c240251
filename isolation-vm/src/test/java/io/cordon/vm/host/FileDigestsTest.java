package io.cordon.vm.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {
  // echo -n abc | sha256sum
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path directory;
  private final FileDigests digests = new FileDigests();

  @Test
  void isThatOfTheContent() throws IOException {
    assertThat(digests.of(Files.writeString(directory.resolve("f"), "abc"))).isEqualTo(ABC);
  }

  @Test
  void fileIsReadAgainWhenItsLengthDateOrInodeIsAnother() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "abc");
    FileTime date = Files.getLastModifiedTime(file);
    assertThat(digests.of(file)).isEqualTo(ABC);

    Files.writeString(file, "abcd");
    Files.setLastModifiedTime(file, date);
    String longer = digests.of(file);
    assertThat(longer).isNotEqualTo(ABC);

    Files.writeString(file, "abce");
    Files.setLastModifiedTime(file, FileTime.fromMillis(date.toMillis() + 1));
    String newer = digests.of(file);
    assertThat(newer).isNotIn(ABC, longer);

    Path other = Files.writeString(directory.resolve("g"), "abcf");
    Files.setLastModifiedTime(other, FileTime.fromMillis(date.toMillis() + 1));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(digests.of(file)).isNotIn(ABC, longer, newer);
  }

  @Test
  void fileThatIsTheSameIsNotReadAgain() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "abc");
    FileTime date = Files.getLastModifiedTime(file);
    digests.of(file);
    Files.writeString(file, "xyz"); // which nobody could tell by its stamp
    Files.setLastModifiedTime(file, date);
    assertThat(digests.of(file)).isEqualTo(ABC);
  }
}
