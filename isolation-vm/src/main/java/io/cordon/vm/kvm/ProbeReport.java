package io.cordon.vm.kvm;

import io.cordon.process.plan.Block;
import io.cordon.process.plan.Report;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the running probe tells the host: one message each, little-endian, its kind first. */
sealed interface ProbeReport {
  /** The longest message. */
  int MAX_BYTES = 512;

  // Apart from the kinds of Report.
  int FACTS = 0x101;
  int ROUND = 0x102;

  /** Kind and number, then two struct timespec. */
  int ROUND_HEAD_SIZE = 40;

  /** A step failed, and the probe is over. */
  record Failed(int step, int errno) implements ProbeReport {}

  /** What KVM says of itself. */
  record Facts(int apiVersion, Map<KvmCapability, Integer> capabilities) implements ProbeReport {
    public Facts {
      capabilities = Collections.unmodifiableMap(new EnumMap<>(capabilities));
    }
  }

  /**
   * The guest has run once.
   *
   * @param number which time, from 1
   * @param nanos how long KVM_RUN took, by the host's clock
   * @param exit why it ended
   * @param registers the guest's then
   */
  record Round(int number, long nanos, GuestExit exit, Registers registers)
      implements ProbeReport {}

  /** Some of struct kvm_regs, {@code asm/kvm.h}. */
  record Registers(long rax, long rbx, long rcx, long rip) {}

  /** Room for {@link Facts}. */
  static Block factsBlock() {
    Block.Writer facts = Block.of("report: facts").u32(FACTS).u32(0);
    for (KvmCapability ignored : KvmCapability.values()) {
      facts.u32(0);
    }
    return facts.build();
  }

  /** Where a capability is in {@link #factsBlock}. */
  static int offset(KvmCapability capability) {
    return 8 + 4 * List.of(KvmCapability.values()).indexOf(capability);
  }

  /** Room for the head of {@link Round}; struct kvm_run and struct kvm_regs follow it. */
  static Block roundBlock(int number) {
    return Block.of("report: round " + number)
        .u32(ROUND)
        .u32(number)
        .u64(0) // struct timespec, before
        .u64(0)
        .u64(0) // and after
        .u64(0)
        .build();
  }

  /** Reads a message; empty for what says nothing about KVM. */
  static Optional<ProbeReport> read(ByteBuffer message) {
    ByteBuffer data = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      return switch (data.getInt(0)) {
        case FACTS -> Optional.of(facts(data));
        case ROUND -> Optional.of(round(data));
        default -> {
          Optional<Report> report = Report.read(data);
          yield report.isPresent() && report.get() instanceof Report.Failed(int step, int errno)
              ? Optional.of(new Failed(step, errno))
              : Optional.empty();
        }
      };
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Facts facts(ByteBuffer data) {
    Map<KvmCapability, Integer> capabilities = new EnumMap<>(KvmCapability.class);
    for (KvmCapability each : KvmCapability.values()) {
      capabilities.put(each, data.getInt(offset(each)));
    }
    return new Facts(data.getInt(4), capabilities);
  }

  private static Round round(ByteBuffer data) {
    long nanos =
        (data.getLong(24) - data.getLong(8)) * 1_000_000_000
            + (data.getLong(32) - data.getLong(16));
    ByteBuffer run = data.slice(ROUND_HEAD_SIZE, GuestExit.STRUCTURE_SIZE);
    int regs = ROUND_HEAD_SIZE + GuestExit.STRUCTURE_SIZE;
    Registers registers =
        new Registers(
            data.getLong(regs),
            data.getLong(regs + 8),
            data.getLong(regs + 16),
            data.getLong(regs + 128));
    return new Round(
        data.getInt(4), nanos, GuestExit.read(run.order(ByteOrder.LITTLE_ENDIAN)), registers);
  }
}
