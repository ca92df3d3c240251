package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * All that a saved machine depends on, as one digest: whose it is, QEMU, what it boots, its disks,
 * its command line, and the host's processor where the guest sees that. Immutable.
 *
 * @param digest in hexadecimal digits
 */
public record TemplateKey(String digest) {
  private static final HexFormat HEX = HexFormat.of();

  /** In the command's place for numbers, which don't matter. */
  private static final int ANY = 0;

  public TemplateKey {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256 digest: " + digest);
    }
  }

  /** The key of a machine that is to be booted, by the contents of all its files. */
  public static TemplateKey of(
      String tenant, Qemu qemu, Hardware hardware, Path kernel, byte[] initrd) {
    try {
      MessageDigest digest = Sha256.create();
      add(digest, "tenant", tenant);
      add(digest, "qemu", Sha256.of(qemu.program()));
      add(digest, "kernel", Sha256.of(kernel));
      add(digest, "initrd", HEX.formatHex(Sha256.create().digest(initrd)));
      for (Path disk : hardware.disks()) {
        add(digest, "disk", Sha256.of(disk));
      }
      add(digest, "scratch", hardware.scratchBytes().toString());
      var boot = new QemuCommand.Start.Boot(ANY, ANY);
      List<String> command =
          new QemuCommand(qemu.program(), hardware, boot, ANY, ANY, ANY).arguments();
      command.forEach(argument -> add(digest, "argument", argument));
      if (hardware.machine().accelerator() instanceof Accelerator.Kvm) {
        add(digest, "processor", processor());
      }
      return new TemplateKey(HEX.formatHex(digest.digest()));
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "what a machine boots from can't be read: " + e, e);
    }
  }

  private static void add(MessageDigest digest, String name, String value) {
    // With its length, so that no two lists of values look alike.
    digest.update((name + ' ' + value.length() + ' ' + value + '\n').getBytes(UTF_8));
  }

  /** What the first one says of itself, but for its speed at this moment. */
  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .takeWhile(line -> !line.isBlank())
        .filter(line -> line.matches("(vendor_id|cpu family|model|model name|stepping|flags)\\s.*"))
        .reduce("", (all, line) -> all + line + '\n');
  }

  /** Digests of files. */
  static final class Sha256 {
    private Sha256() {}

    static MessageDigest create() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // every Java has it
      }
    }

    static String of(Path file) throws IOException {
      MessageDigest digest = create();
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HEX.formatHex(digest.digest());
    }
  }
}
