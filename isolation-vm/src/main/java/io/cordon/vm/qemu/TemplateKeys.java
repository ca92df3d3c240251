package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** The keys of machines that one QEMU saves. Safe for several threads. */
public final class TemplateKeys {
  private static final HexFormat HEX = HexFormat.of();

  /** In the command's place for numbers, which don't matter. */
  private static final int ANY = 0;

  private final Qemu qemu;
  private final List<Path> parts;
  private final FileDigests digests;

  /**
   * Keys for a QEMU.
   *
   * @param parts its libraries and firmware
   * @param digests knows the files that were read before
   */
  TemplateKeys(Qemu qemu, List<Path> parts, FileDigests digests) {
    this.qemu = qemu;
    this.parts = List.copyOf(parts);
    this.digests = digests;
  }

  /**
   * The key of a machine that is to be booted, by the contents of all its files.
   *
   * @param tenant whose it is
   * @param kernel the kernel's image
   * @param initrd the initial ram disk, in which is the plan that the first process follows
   * @param orders what the guest is told to do before it is saved
   * @throws SandboxException {@link ErrorCode#LAUNCH_FAILED} if a file can't be read
   */
  public TemplateKey of(
      String tenant, Hardware hardware, Path kernel, byte[] initrd, List<byte[]> orders) {
    try {
      MessageDigest digest = FileDigests.sha256();
      add(digest, "tenant", tenant);
      add(digest, "qemu", digests.of(qemu.program()));
      for (Path part : parts) {
        add(digest, "part", stamp(part));
      }
      add(digest, "kernel", digests.of(kernel));
      add(digest, "initrd", initrd);
      for (Path disk : hardware.disks()) {
        add(digest, "disk", digests.of(disk));
      }
      add(digest, "scratch", hardware.scratchBytes().toString());
      for (byte[] order : orders) {
        add(digest, "order", order);
      }
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

  /** Of the distribution's libraries no other version has the same: they need not be read. */
  private static String stamp(Path part) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(part, BasicFileAttributes.class);
    return "%s %d %d".formatted(part, attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private static void add(MessageDigest digest, String name, byte[] content) {
    add(digest, name, HEX.formatHex(FileDigests.sha256().digest(content)));
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
}
