package io.cordon.vm.kvm;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.DescriptorFlag.LAST_DESCRIPTOR;
import static io.cordon.process.kernel.MapFlag.MAP_FIXED_NOREPLACE;
import static io.cordon.process.kernel.MapFlag.MAP_PRIVATE;
import static io.cordon.process.kernel.MapFlag.MAP_SHARED;
import static io.cordon.process.kernel.MapFlag.PROT_READ;
import static io.cordon.process.kernel.MapFlag.PROT_WRITE;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_RDWR;
import static io.cordon.process.kernel.PrctlOption.PR_SET_NAME;
import static io.cordon.process.kernel.PrctlOption.PR_SET_PDEATHSIG;
import static io.cordon.process.kernel.Signal.SIGKILL;
import static io.cordon.process.kernel.SocketFlag.MSG_NOSIGNAL;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;
import static io.cordon.process.plan.LaunchPlan.CHANNEL;
import static io.cordon.vm.kvm.KvmRequest.KVM_CHECK_EXTENSION;
import static io.cordon.vm.kvm.KvmRequest.KVM_CREATE_VCPU;
import static io.cordon.vm.kvm.KvmRequest.KVM_CREATE_VM;
import static io.cordon.vm.kvm.KvmRequest.KVM_GET_API_VERSION;
import static io.cordon.vm.kvm.KvmRequest.KVM_GET_REGS;
import static io.cordon.vm.kvm.KvmRequest.KVM_GET_SUPPORTED_CPUID;
import static io.cordon.vm.kvm.KvmRequest.KVM_GET_VCPU_MMAP_SIZE;
import static io.cordon.vm.kvm.KvmRequest.KVM_RUN;
import static io.cordon.vm.kvm.KvmRequest.KVM_SET_CPUID2;
import static io.cordon.vm.kvm.KvmRequest.KVM_SET_REGS;
import static io.cordon.vm.kvm.KvmRequest.KVM_SET_SREGS;
import static io.cordon.vm.kvm.KvmRequest.KVM_SET_TSS_ADDR;
import static io.cordon.vm.kvm.KvmRequest.KVM_SET_USER_MEMORY_REGION;

import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The steps of the probe: make a virtual machine, run the guest in it a few times, and tell of each
 * time. It judges nothing. As in {@code Documentation/virt/kvm/api.rst}.
 */
final class ProbePlan {
  /** The layers of its steps. */
  static final String DEVICE = "device";

  static final String MACHINE = "machine";
  static final String PROCESSOR = "processor";
  static final String GUEST = "guest";

  /** How often the guest runs: the first time is the slowest, and any may be preempted. */
  static final int ROUNDS = 3;

  /** The descriptor of a file with the guest's memory as it is at first. */
  static final int GUEST_FILE = CHANNEL + 1;

  // Far from a plan's own memory, and within the lowest 4 GiB.
  static final long GUEST_MEMORY = 0x2000_0000;
  private static final long RUN_STRUCTURE = 0x3000_0000;

  /** Three pages that older Intel processors need, away from the guest's memory; as in QEMU. */
  private static final long TASK_PAGES = 0xfffbd000L;

  private static final int CPUID_ENTRIES = 256; // KVM_MAX_CPUID_ENTRIES, asm/kvm_host.h
  private static final int CLOCK_MONOTONIC = 1; // linux/time.h

  private final PlanBuilder plan = new PlanBuilder();

  private ProbePlan() {}

  /** The plan of probing a device. */
  static LaunchPlan of(Path device) {
    ProbePlan probe = new ProbePlan();
    probe.dieWithTheHost();
    Slot kvm = probe.open(device);
    Slot machine = probe.createMachine(kvm);
    Slot processor = probe.createProcessor(kvm, machine);
    for (int round = 1; round <= ROUNDS; round++) {
      probe.runGuest(processor, round);
    }
    return probe.plan.call("the probe's end", "exit_group", number(0)).build();
  }

  /** For a host that is dead already, sending fails. */
  private void dieWithTheHost() {
    plan.layer("launch");
    plan.call("die with the host", "prctl", flags(PR_SET_PDEATHSIG), flags(SIGKILL));
    plan.report("is the host alive?", Block.of("report: alive").u32(Report.ALIVE).build());
    plan.call("be known to ps", "prctl", flags(PR_SET_NAME), text("cordon-kvm"));
    plan.call("close the streams", "close_range", number(0), number(CHANNEL - 1L), number(0));
    plan.call(
        "close inherited descriptors",
        "close_range",
        number(GUEST_FILE + 1L),
        flags(LAST_DESCRIPTOR),
        number(0));
  }

  private Slot open(Path device) {
    plan.layer(DEVICE);
    Slot kvm =
        plan.ask(
            "open " + device,
            "openat",
            flags(AT_FDCWD),
            text(device.toString()),
            flags(O_RDWR, O_CLOEXEC),
            number(0));
    Block facts = ProbeReport.factsBlock();
    plan.put32(ask(kvm, KVM_GET_API_VERSION, number(0)), facts, 4);
    for (KvmCapability capability : KvmCapability.values()) {
      plan.put32(
          ask(kvm, KVM_CHECK_EXTENSION, flags(capability)), facts, ProbeReport.offset(capability));
    }
    plan.report("what KVM says of itself", facts);
    return kvm;
  }

  private Slot createMachine(Slot kvm) {
    plan.layer(MACHINE);
    Slot machine = ask(kvm, KVM_CREATE_VM, number(0));
    tell(machine, KVM_SET_TSS_ADDR, number(TASK_PAGES));
    plan.call(
        "map the guest's memory",
        "mmap",
        number(GUEST_MEMORY),
        number(Guest.MEMORY_SIZE),
        flags(PROT_READ, PROT_WRITE),
        flags(MAP_PRIVATE, MAP_FIXED_NOREPLACE),
        number(GUEST_FILE),
        number(0));
    Block region = Block.bytes("all of the guest's memory", memoryRegion());
    tell(machine, KVM_SET_USER_MEMORY_REGION, region.address());
    return machine;
  }

  /** struct kvm_userspace_memory_region: slot 0 is all that there is. */
  static byte[] memoryRegion() {
    ByteBuffer region = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    region.putLong(16, Guest.MEMORY_SIZE);
    region.putLong(24, GUEST_MEMORY); // userspace_addr
    return region.array();
  }

  private Slot createProcessor(Slot kvm, Slot machine) {
    plan.layer(PROCESSOR);
    Slot processor = ask(machine, KVM_CREATE_VCPU, number(0));
    Slot size = ask(kvm, KVM_GET_VCPU_MMAP_SIZE, number(0));
    plan.call(
        "map struct kvm_run",
        "mmap",
        number(RUN_STRUCTURE),
        size,
        flags(PROT_READ, PROT_WRITE),
        flags(MAP_SHARED, MAP_FIXED_NOREPLACE),
        processor,
        number(0));
    Block features = features();
    tell(kvm, KVM_GET_SUPPORTED_CPUID, features.address());
    tell(processor, KVM_SET_CPUID2, features.address());
    tell(processor, KVM_SET_SREGS, Block.bytes("long mode", Processor.systemRegisters()).address());
    tell(processor, KVM_SET_REGS, Block.bytes("at the entry", Processor.registers()).address());
    return processor;
  }

  /** struct kvm_cpuid2, with room for every struct kvm_cpuid_entry2. */
  private static Block features() {
    ByteBuffer features =
        ByteBuffer.allocate(8 + 40 * CPUID_ENTRIES).order(ByteOrder.LITTLE_ENDIAN);
    features.putInt(0, CPUID_ENTRIES); // nent
    return Block.bytes("the processor's features", features.array());
  }

  private void runGuest(Slot processor, int round) {
    plan.layer(GUEST);
    Block head = ProbeReport.roundBlock(round);
    Block registers = Block.zeros("registers", Processor.REGISTERS_SIZE);
    readClock("before", head.address(8));
    tell(processor, KVM_RUN, number(0));
    readClock("after", head.address(24));
    tell(processor, KVM_GET_REGS, registers.address());
    Block vectors = // struct iovec, linux/uio.h
        Block.of("vectors")
            .pointer(head.address())
            .u64(head.size())
            .u64(RUN_STRUCTURE)
            .u64(GuestExit.STRUCTURE_SIZE)
            .pointer(registers.address())
            .u64(registers.size())
            .build();
    Block message = // struct msghdr, linux/socket.h: no name; three vectors; no more
        Block.of("report: round " + round)
            .u64(0)
            .u64(0)
            .pointer(vectors.address())
            .u64(3)
            .u64(0)
            .u64(0)
            .u64(0)
            .build();
    plan.call(
        "how round " + round + " ended",
        "sendmsg",
        number(CHANNEL),
        message.address(),
        flags(MSG_NOSIGNAL));
  }

  private void readClock(String name, Argument timespec) {
    plan.call("the time " + name, "clock_gettime", number(CLOCK_MONOTONIC), timespec);
  }

  private Slot ask(Slot file, KvmRequest request, Argument argument) {
    return plan.ask(request.name(), "ioctl", file, flags(request), argument);
  }

  private void tell(Slot file, KvmRequest request, Argument argument) {
    plan.call(request.name(), "ioctl", file, flags(request), argument);
  }
}
