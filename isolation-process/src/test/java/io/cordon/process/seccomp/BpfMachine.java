package io.cordon.process.seccomp;

import java.util.List;

/** Runs a classic BPF program over a {@code struct seccomp_data}, as the kernel does. */
final class BpfMachine {
  private final List<Bpf> program;
  private int steps;

  BpfMachine(List<Bpf> program) {
    this.program = program;
  }

  /** What the filter returns for a system call. */
  int run(int architecture, int number, long... arguments) {
    int accumulator = 0;
    steps = 0;
    for (int at = 0; ; at++) {
      Bpf instruction = program.get(at);
      int k = instruction.k();
      steps++;
      switch (instruction.code()) {
        case Bpf.LOAD -> accumulator = load(k, architecture, number, arguments);
        case Bpf.AND -> accumulator &= k;
        case Bpf.JUMP -> at += k;
        case Bpf.JUMP_EQUAL ->
            at += accumulator == k ? instruction.ifTrue() : instruction.ifFalse();
        case Bpf.JUMP_GREATER_OR_EQUAL ->
            at +=
                Integer.compareUnsigned(accumulator, k) >= 0
                    ? instruction.ifTrue()
                    : instruction.ifFalse();
        case Bpf.JUMP_ANY_BIT ->
            at += (accumulator & k) != 0 ? instruction.ifTrue() : instruction.ifFalse();
        case Bpf.RETURN -> {
          return k;
        }
        default -> throw new IllegalStateException("instruction " + instruction);
      }
    }
  }

  private static int load(int offset, int architecture, int number, long... arguments) {
    if (offset == Bpf.DATA_NUMBER) {
      return number;
    }
    if (offset == Bpf.DATA_ARCH) {
      return architecture;
    }
    int argument = (offset - Bpf.DATA_ARGUMENTS) / 8;
    boolean upper = (offset - Bpf.DATA_ARGUMENTS) % 8 != 0;
    long value = argument < arguments.length ? arguments[argument] : 0;
    return (int) (upper ? value >>> 32 : value);
  }

  /** How many instructions the last run took. */
  int steps() {
    return steps;
  }
}
