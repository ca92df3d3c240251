package io.cordon.vm.qemu;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.HostTool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A QEMU of the host. Immutable.
 *
 * @param program its executable
 * @param major the first number of its version
 * @param minor the second one
 */
public record Qemu(Path program, int major, int minor) {
  private static final HostTool TOOL = new HostTool("qemu-system-x86_64", "qemu-system-x86");
  private static final Duration ANSWERING = Duration.ofSeconds(20);
  private static final Pattern VERSION =
      Pattern.compile("^QEMU emulator version (\\d{1,4})\\.(\\d{1,4})\\b");

  // The machine type microvm has acpi=on since 5.2.
  private static final int OLDEST = 6;

  /**
   * The one that is in the path.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if there is none, or it is too old
   */
  public static Qemu find() {
    String said = TOOL.require(Path.of("/"), ANSWERING, List.of("--version"));
    Path program = TOOL.find().orElseThrow();
    return of(program, said);
  }

  static Qemu of(Path program, String said) {
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE, program + " does not say which version it is");
    }
    Qemu qemu =
        new Qemu(program, Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)));
    if (qemu.major() < OLDEST) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE,
          "%s is version %d.%d; at least %d.0 is needed"
              .formatted(program, qemu.major(), qemu.minor(), OLDEST));
    }
    return qemu;
  }
}
