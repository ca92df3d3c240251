package io.cordon.process.plan;

import static io.cordon.process.kernel.SocketFlag.MSG_NOSIGNAL;

import io.cordon.process.kernel.SystemCalls;
import io.cordon.process.plan.Step.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * x86-64. A system call's number goes into rax, its arguments into rdi, rsi, rdx, r10, r8, r9; its
 * result comes in rax, errors as -4095..-1; rcx and r11 are lost. While a call runs, ebx holds its
 * step.
 */
final class X86Encoder implements Encoder {
  private static final int RAX = 0;
  private static final int RBX = 3;
  private static final int RDX = 2;
  private static final int RSI = 6;
  private static final int RDI = 7;
  private static final int R8 = 8;
  private static final int R9 = 9;
  private static final int R10 = 10;
  private static final int[] ARGUMENT_REGISTERS = {RDI, RSI, RDX, R10, R8, R9};

  private static final int EXIT_FAILED = 125;

  private final SystemCalls calls;

  X86Encoder(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public byte[] encode(LaunchPlan plan, PlanMemory memory) {
    Code code = new Code(memory);
    List<Step> steps = plan.steps();
    for (int i = 0; i < steps.size(); i++) {
      code.step(i, steps.get(i));
    }
    if (steps.stream().noneMatch(Step.Rescue.class::isInstance)) {
      code.failure();
    }
    return code.finish();
  }

  private record Fixup(int at, Label target) {}

  private final class Code {
    private final PlanMemory memory;
    private final Map<Label, Integer> marks = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();
    private final Label failure = new Label("failure");
    private final Block report =
        Block.of("report: failed").u32(Report.FAILED).u32(0).u32(0).build();
    private ByteBuffer out = ByteBuffer.allocate(16384).order(ByteOrder.LITTLE_ENDIAN);

    Code(PlanMemory memory) {
      this.memory = memory;
    }

    void step(int index, Step step) {
      room();
      switch (step) {
        case Step.Call call -> call(index, call);
        case Step.Mark(Label label) -> marks.put(label, out.position());
        case Step.Goto(Label target) -> jump(target, 0xE9); // jmp
        case Step.GotoIfZero(var slot, Label target) -> {
          bytes(0x48, 0x83, 0x3C, 0x25); // cmp qword [slot], 0
          out.putInt(memory.address(slot));
          bytes(0x00);
          jump(target, 0x0F, 0x84); // je
        }
        case Step.GotoIfEqual(var slot, var other, Label target) -> {
          load(RAX, slot);
          bytes(0x48, 0x3B, 0x04, 0x25); // cmp rax, [other]
          out.putInt(memory.address(other));
          jump(target, 0x0F, 0x84); // je
        }
        case Step.GotoUnlessFailed(var slot, Label target) -> {
          load(RAX, slot);
          compareWithErrors();
          jump(target, 0x0F, 0x82); // jb
        }
        case Step.GotoIfWord(Block block, int offset, int value, Label target) -> {
          bytes(0x81, 0x3C, 0x25); // cmp dword [word], imm32
          out.putInt(memory.address(block, offset));
          out.putInt(value);
          jump(target, 0x0F, 0x84); // je
        }
        case Step.Add(int value, Block block, int offset) -> {
          bytes(0x81, 0x04, 0x25); // add dword [word], imm32
          out.putInt(memory.address(block, offset));
          out.putInt(value);
        }
        case Step.Deduct(var slot, Block block, int offset) -> {
          load(RAX, slot);
          bytes(0x29, 0x04, 0x25); // sub [word], eax
          out.putInt(memory.address(block, offset));
        }
        case Step.CountDown(Block counter, Label target) -> {
          bytes(0x48, 0xFF, 0x0C, 0x25); // dec qword [counter]
          out.putInt(memory.address(counter, 0));
          jump(target, 0x0F, 0x85); // jne
        }
        case Step.Rescue(Block report, int offset) -> failed(report, offset);
        case Step.Put32(var slot, Block block, int offset) -> {
          load(RAX, slot);
          storeHalf(RAX, memory.address(block, offset));
        }
      }
    }

    private void call(int index, Step.Call call) {
      set(RBX, index);
      for (int i = 0; i < call.arguments().size(); i++) {
        load(ARGUMENT_REGISTERS[i], call.arguments().get(i));
      }
      systemCall(call.systemCall());
      if (call.onError() == Step.OnError.FAIL) {
        compareWithErrors();
        jump(failure, 0x0F, 0x83); // jae
      }
      if (call.result() != null) {
        bytes(0x48, 0x89, 0x04, 0x25); // mov [result], rax
        out.putInt(memory.address(call.result()));
      }
    }

    private void compareWithErrors() {
      bytes(0x48, 0x3D); // cmp rax, -4095
      out.putInt(-4095);
    }

    /** The place where failed calls lead: keeps their step and error, rax and ebx. */
    private void failed(Block report, int offset) {
      marks.put(failure, out.position());
      bytes(0xF7, 0xD8); // neg eax
      storeHalf(RBX, memory.address(report, offset));
      storeHalf(RAX, memory.address(report, offset + 4));
    }

    /** Reports the failed step and its error, and ends the process. */
    void failure() {
      room();
      failed(report, 4);
      set(RDI, LaunchPlan.CHANNEL);
      set(RSI, memory.address(report, 0));
      set(RDX, report.size());
      set(R10, MSG_NOSIGNAL.value());
      set(R8, 0);
      set(R9, 0);
      systemCall("sendto");
      set(RDI, EXIT_FAILED);
      systemCall("exit_group");
      bytes(0x0F, 0x0B); // ud2: never reached
    }

    private void systemCall(String name) {
      set(RAX, calls.number(name));
      bytes(0x0F, 0x05);
    }

    private void load(int register, Argument argument) {
      switch (argument) {
        case Argument.Immediate immediate -> set(register, immediate.value());
        case Argument.Text text -> set(register, memory.address(text));
        case Argument.Address address -> set(register, memory.address(address));
        case Argument.Word word -> {
          if (register >= 8) {
            bytes(0x44);
          }
          bytes(0x8B, (register & 7) << 3 | 4, 0x25); // mov r32, [word]
          out.putInt(memory.address(word));
        }
        case Argument.Slot slot -> {
          bytes(register >= 8 ? 0x4C : 0x48, 0x8B, (register & 7) << 3 | 4, 0x25); // mov r, [slot]
          out.putInt(memory.address(slot));
        }
      }
    }

    /** Sets a register by the shortest instruction that does it. */
    private void set(int register, long value) {
      boolean high = register >= 8;
      int low = register & 7;
      if (value == 0) {
        if (high) {
          bytes(0x45);
        }
        bytes(0x31, 0xC0 | low * 9); // xor r32, r32
      } else if (value >>> 32 == 0) {
        if (high) {
          bytes(0x41);
        }
        bytes(0xB8 + low); // mov r32, imm32, which clears the upper half
        out.putInt((int) value);
      } else if (value == (int) value) {
        bytes(high ? 0x49 : 0x48, 0xC7, 0xC0 | low); // mov r64, sign-extended imm32
        out.putInt((int) value);
      } else {
        bytes(high ? 0x49 : 0x48, 0xB8 + low); // mov r64, imm64
        out.putLong(value);
      }
    }

    private void storeHalf(int register, int address) {
      bytes(0x89, register << 3 | 4, 0x25); // mov [address], r32
      out.putInt(address);
    }

    private void jump(Label target, int... opcode) {
      bytes(opcode);
      fixups.add(new Fixup(out.position(), target));
      out.putInt(0);
    }

    private void bytes(int... bytes) {
      for (int each : bytes) {
        out.put((byte) each);
      }
    }

    /** Makes room for a step, whose code takes some 100 bytes at the most. */
    private void room() {
      if (out.remaining() < 256) {
        out =
            ByteBuffer.allocate(2 * out.capacity()).order(ByteOrder.LITTLE_ENDIAN).put(out.flip());
      }
    }

    byte[] finish() {
      for (Fixup fixup : fixups) {
        Integer target = marks.get(fixup.target());
        if (target == null) {
          throw new IllegalArgumentException("no place named " + fixup.target().name());
        }
        out.putInt(fixup.at(), target - (fixup.at() + 4)); // from the instruction's end
      }
      return Arrays.copyOf(out.array(), out.position());
    }
  }
}
