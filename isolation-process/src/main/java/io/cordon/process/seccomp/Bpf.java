package io.cordon.process.seccomp;

import io.cordon.process.kernel.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One instruction of classic BPF: {@code linux/filter.h}.
 *
 * @param code what it does
 * @param ifTrue how many instructions a jump skips if its condition holds
 * @param ifFalse how many if not
 * @param k its operand
 */
record Bpf(int code, int ifTrue, int ifFalse, int k) {
  // linux/bpf_common.h
  static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  static final int JUMP = 0x05; // BPF_JMP | BPF_JA
  static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  static final int JUMP_GREATER_OR_EQUAL = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  static final int JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
  static final int RETURN = 0x06; // BPF_RET | BPF_K

  // linux/seccomp.h
  static final int RET_KILL_PROCESS = 0x80000000;
  static final int RET_ERRNO = 0x00050000;
  static final int RET_ALLOW = 0x7fff0000;
  static final int DATA_NUMBER = 0; // struct seccomp_data
  static final int DATA_ARCH = 4;
  static final int DATA_ARGUMENTS = 16;

  private static final int FARTHEST = 255;

  static Bpf load(int offset) {
    return new Bpf(LOAD, 0, 0, offset);
  }

  static Bpf ret(int value) {
    return new Bpf(RETURN, 0, 0, value);
  }

  static int errno(Errno errno) {
    return RET_ERRNO | (int) errno.value();
  }

  /** A comparison: skips so many instructions if it holds, however far that is. */
  static List<Bpf> skipIfAtLeast(int k, int distance) {
    if (distance <= FARTHEST) {
      return List.of(new Bpf(JUMP_GREATER_OR_EQUAL, distance, 0, k));
    }
    return List.of(new Bpf(JUMP_GREATER_OR_EQUAL, 0, 1, k), new Bpf(JUMP, 0, 0, distance));
  }

  /** The code that makes the checks and returns. */
  static List<Bpf> code(Action action) {
    return switch (action) {
      case Action.Fail(Errno errno) -> List.of(ret(errno(errno)));
      case Action.Kill() -> List.of(ret(RET_KILL_PROCESS));
      case Action.Allow(List<Check> checks) -> {
        List<Bpf> code = new ArrayList<>();
        for (Check check : checks) {
          // The lower half of the argument: struct seccomp_data is little-endian here.
          code.add(load(DATA_ARGUMENTS + 8 * check.argument()));
          switch (check) {
            case Check.OneOf(int argument, int mask, List<Integer> values) -> {
              if (mask != -1) {
                code.add(new Bpf(AND, 0, 0, mask));
              }
              for (int i = 0; i < values.size(); i++) {
                code.add(new Bpf(JUMP_EQUAL, values.size() - i, 0, values.get(i)));
              }
            }
            case Check.Without(int argument, int bits) ->
                code.add(new Bpf(JUMP_ANY_BIT, 0, 1, bits));
            case Check.With(int argument, int bits) -> {
              code.add(new Bpf(AND, 0, 0, bits));
              code.add(new Bpf(JUMP_EQUAL, 1, 0, bits));
            }
          }
          code.add(ret(errno(Errno.EPERM)));
        }
        code.add(ret(RET_ALLOW));
        yield code;
      }
    };
  }

  /** As the kernel wants it. */
  static byte[] bytes(List<Bpf> program) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (Bpf each : program) {
      bytes.putShort((short) each.code).put((byte) each.ifTrue).put((byte) each.ifFalse);
      bytes.putInt(each.k);
    }
    return bytes.array();
  }
}
