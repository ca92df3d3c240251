package io.cordon.process.seccomp;

import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.SystemCalls;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The seccomp filter of a profile: a binary search over the system call numbers, so that a call
 * costs some ten instructions, and the kernel can tell early which calls are always allowed.
 */
public final class SeccompFilter {
  /**
   * Calls of the x32 interface have this bit: asm/unistd.h. They go past checks (CVE-2014-0038).
   */
  private static final int X32_BIT = 0x4000_0000;

  private final List<Bpf> program;
  private final Block block;

  public SeccompFilter(Profile profile, Architecture architecture) {
    Map<String, Action> actions = new SystemCallPolicy().actions(profile);
    List<Bpf> code = new ArrayList<>();
    code.add(Bpf.load(Bpf.DATA_ARCH));
    code.add(new Bpf(Bpf.JUMP_EQUAL, 1, 0, architecture.auditArch()));
    code.add(Bpf.ret(Bpf.RET_KILL_PROCESS));
    code.add(Bpf.load(Bpf.DATA_NUMBER));
    code.addAll(search(ranges(actions, architecture.systemCalls())));
    this.program = List.copyOf(code);
    this.block = block(profile, program);
  }

  /** System calls from a number on, up to the next range, and what becomes of them. */
  private record Range(int first, Action action) {}

  private static List<Range> ranges(Map<String, Action> actions, SystemCalls calls) {
    TreeMap<Integer, Action> byNumber = new TreeMap<>();
    actions.forEach(
        (name, action) -> calls.find(name).ifPresent(number -> byNumber.put(number, action)));
    Action denied = new Action.Fail(Errno.EPERM);
    Action unknown = new Action.Fail(Errno.ENOSYS);
    List<Range> ranges = new ArrayList<>();
    for (int number = 0; number <= calls.highest(); number++) {
      append(ranges, number, byNumber.getOrDefault(number, denied));
    }
    append(ranges, calls.highest() + 1, unknown);
    append(ranges, X32_BIT, new Action.Kill());
    append(ranges, -1, unknown); // what a tracer makes of a call that it cancels
    return ranges;
  }

  private static void append(List<Range> ranges, int first, Action action) {
    if (ranges.isEmpty() || !ranges.getLast().action().equals(action)) {
      ranges.add(new Range(first, action));
    }
  }

  private static List<Bpf> search(List<Range> ranges) {
    if (ranges.size() == 1) {
      return Bpf.code(ranges.getFirst().action());
    }
    int middle = ranges.size() / 2;
    List<Bpf> lower = search(ranges.subList(0, middle));
    List<Bpf> code = new ArrayList<>(Bpf.skipIfAtLeast(ranges.get(middle).first(), lower.size()));
    code.addAll(lower);
    code.addAll(search(ranges.subList(middle, ranges.size())));
    return code;
  }

  /** The instructions. */
  List<Bpf> program() {
    return program;
  }

  /** As an array of {@code struct sock_filter} of {@code linux/filter.h}. */
  public byte[] instructions() {
    return Bpf.bytes(program);
  }

  /** As {@code struct sock_fprog} of {@code linux/filter.h}. */
  public Block block() {
    return block;
  }

  private static Block block(Profile profile, List<Bpf> program) {
    String text = profile.name().toLowerCase(Locale.ROOT) + ": " + program.size() + " instructions";
    return Block.of(text)
        .u64(program.size())
        .pointer(Block.bytes(text, Bpf.bytes(program)).address())
        .build();
  }
}
