package io.cordon.vm.kvm;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Why KVM_RUN returned: struct kvm_run, {@code linux/kvm.h}. */
sealed interface GuestExit {
  /** How much of struct kvm_run says so. */
  int STRUCTURE_SIZE = 256;

  int KVM_EXIT_IO = 2;
  int KVM_EXIT_FAIL_ENTRY = 9;
  int KVM_EXIT_INTERNAL_ERROR = 17;

  /** How it reads in a verdict. */
  String describe();

  /** The guest wrote to a port, or read from one. */
  record PortAccess(boolean out, int size, int port) implements GuestExit {
    @Override
    public String describe() {
      return "KVM_EXIT_IO (%s of %d bytes, port 0x%x)".formatted(out ? "out" : "in", size, port);
    }
  }

  /**
   * KVM could not go on.
   *
   * @param suberror why: KVM_INTERNAL_ERROR_*
   * @param instruction the bytes of the instruction, in hexadecimal; empty if KVM doesn't say
   */
  record InternalFailure(int suberror, String instruction) implements GuestExit {
    @Override
    public String describe() {
      String why =
          switch (suberror) {
            case 1 -> "emulation failed";
            case 2 -> "simultaneous exceptions";
            case 3 -> "exit during the delivery of an event";
            case 4 -> "unexpected exit reason";
            default -> "unknown";
          };
      String where = instruction.isEmpty() ? "" : " at " + instruction;
      return "KVM_EXIT_INTERNAL_ERROR (17), suberror %d: %s%s".formatted(suberror, why, where);
    }
  }

  /** The processor refused to enter the guest. */
  record EntryRefused(long hardwareReason) implements GuestExit {
    @Override
    public String describe() {
      return "KVM_EXIT_FAIL_ENTRY (9), hardware reason 0x%x".formatted(hardwareReason);
    }
  }

  /** Anything else. */
  record Other(int reason) implements GuestExit {
    @Override
    public String describe() {
      return switch (reason) {
        case 0 -> "KVM_EXIT_UNKNOWN (0)";
        case 1 -> "KVM_EXIT_EXCEPTION (1)";
        case 5 -> "KVM_EXIT_HLT (5)";
        case 6 -> "KVM_EXIT_MMIO (6)";
        case 8 -> "KVM_EXIT_SHUTDOWN (8)"; // a triple fault
        default -> "exit reason " + reason;
      };
    }
  }

  /** Reads it from a struct kvm_run that begins at the buffer's start. */
  static GuestExit read(ByteBuffer run) {
    int reason = run.getInt(8);
    return switch (reason) {
      case KVM_EXIT_IO ->
          new PortAccess(
              run.get(32) == 1, // KVM_EXIT_IO_OUT
              Byte.toUnsignedInt(run.get(33)),
              Short.toUnsignedInt(run.getShort(34)));
      case KVM_EXIT_FAIL_ENTRY -> new EntryRefused(run.getLong(32));
      case KVM_EXIT_INTERNAL_ERROR -> new InternalFailure(run.getInt(32), instruction(run));
      default -> new Other(reason);
    };
  }

  /** From struct emulation_failure, which kernels before 5.16 leave out. */
  private static String instruction(ByteBuffer run) {
    boolean emulation = run.getInt(32) == 1; // KVM_INTERNAL_ERROR_EMULATION
    // ..._EMULATION_FLAG_INSTRUCTION_BYTES, among ndata words: the flags, then size and bytes
    if (!emulation || run.getInt(36) < 3 || (run.getLong(40) & 1) == 0) {
      return "";
    }
    byte[] bytes = new byte[Math.clamp(run.get(48), 0, 15)];
    run.get(49, bytes);
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
