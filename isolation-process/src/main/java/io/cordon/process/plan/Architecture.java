package io.cordon.process.plan;

import io.cordon.process.kernel.SystemCalls;
import java.util.Optional;

/**
 * What depends on the processor. Adding one means a table of system calls, an {@link Encoder}, and
 * the values of {@code asm/fcntl.h} where they differ.
 *
 * @param name as in {@code uname -m}
 * @param elfMachine {@code linux/elf-em.h}
 * @param auditArch how a seccomp filter knows it: {@code linux/audit.h}
 * @param pageSize the largest page size in use
 * @param systemCalls the system calls' numbers
 * @param encoder writes its machine code
 */
public record Architecture(
    String name,
    int elfMachine,
    int auditArch,
    int pageSize,
    SystemCalls systemCalls,
    Encoder encoder) {

  /** The architecture by the name that Java has for it in {@code os.arch}. */
  public static Optional<Architecture> of(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> Optional.of(x86());
      default -> Optional.empty();
    };
  }

  private static Architecture x86() {
    SystemCalls calls = SystemCalls.of("x86_64");
    return new Architecture("x86_64", 62, 0xC000003E, 4096, calls, new X86Encoder(calls));
  }
}
