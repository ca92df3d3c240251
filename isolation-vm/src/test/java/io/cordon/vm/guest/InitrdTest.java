package io.cordon.vm.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitrdTest {
  @TempDir Path directory;

  @Test
  void holdsThePlacesTheModulesUnpackedAndInit() throws IOException {
    assertThat(entries(archive()))
        .containsExactly(
            "40755 dev ",
            "40755 proc ",
            "40755 sys ",
            "40755 newroot ",
            "40755 modules ",
            "100400 modules/plain one",
            "100400 modules/packed two",
            "100500 init program");
  }

  @Test
  void sameContentIsTheSameArchive() throws IOException {
    byte[] archive = archive();
    assertThat(archive()).isEqualTo(archive).startsWith("070701".getBytes(US_ASCII));
  }

  private byte[] archive() throws IOException {
    Path plain = Files.writeString(directory.resolve("plain.ko"), "one");
    Path packed = directory.resolve("packed.ko.xz");
    try (var out = new XZCompressorOutputStream(Files.newOutputStream(packed))) {
      out.write("two".getBytes(US_ASCII));
    }
    return Initrd.of(
        "program".getBytes(US_ASCII), List.of(KernelModule.of(plain), KernelModule.of(packed)));
  }

  private static List<String> entries(byte[] archive) throws IOException {
    List<String> all = new ArrayList<>();
    try (var in = new CpioArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (CpioArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        all.add(
            "%o %s %s"
                .formatted(
                    entry.getMode(), entry.getName(), new String(in.readAllBytes(), US_ASCII)));
      }
    }
    return all;
  }
}
