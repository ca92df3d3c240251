package io.cordon.process.plan;

import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Step.Label;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Golden bytes; what stands behind them is what a disassembler made of them. */
class X86EncoderTest {

  @Test
  void callWithoutArguments() {
    assertThat(code(plan -> plan.attempt("", "setsid")))
        .isEqualTo(
            hex(
                """
            31db        xor ebx, ebx
            b870000000  mov eax, 112
            0f05        syscall
            """));
  }

  @Test
  void callThatMustSucceedGoesToTheFailure() {
    assertThat(code(plan -> plan.call("", "setsid")))
        .isEqualTo(
            hex(
                """
            31db          xor ebx, ebx
            b870000000    mov eax, 112
            0f05          syscall
            483d01f0ffff  cmp rax, -4095
            0f8300000000  jae failure
            """));
  }

  @Test
  void sixArgumentsGoIntoTheirRegisters() {
    assertThat(
            code(
                plan ->
                    plan.attempt(
                        "", "mmap", number(1), number(2), number(3), number(4), number(5),
                        number(6))))
        .isEqualTo(
            hex(
                """
            31db          xor ebx, ebx
            bf01000000    mov edi, 1
            be02000000    mov esi, 2
            ba03000000    mov edx, 3
            41ba04000000  mov r10d, 4
            41b805000000  mov r8d, 5
            41b906000000  mov r9d, 6
            b809000000    mov eax, 9
            0f05          syscall
            """));
  }

  @Test
  void numbersOfEverySize() {
    assertThat(
            code(
                plan ->
                    plan.attempt(
                        "",
                        "mmap",
                        number(0),
                        number(0xffff_ffffL),
                        number(-100),
                        number(0),
                        number(-1),
                        number(0x1234_5678_9abc_def0L))))
        .isEqualTo(
            hex(
                """
            31db                  xor ebx, ebx
            31ff                  xor edi, edi
            beffffffff            mov esi, 0xffffffff
            48c7c29cffffff        mov rdx, -100
            4531d2                xor r10d, r10d
            49c7c0ffffffff        mov r8, -1
            49b9f0debc9a78563412  mov r9, 0x123456789abcdef0
            b809000000            mov eax, 9
            0f05                  syscall
            """));
  }

  @Test
  void textsAndStructuresAreAddresses() {
    Block block = Block.of("two words").u64(1).u64(2).build();
    assertThat(
            code(
                plan ->
                    plan.attempt(
                        "", "symlink", text("a"), block.address(), block.address(8), text("a"))))
        .isEqualTo(
            hex(
                """
            31db          xor ebx, ebx
            bf00000010    mov edi, 0x10000000
            be08000010    mov esi, 0x10000008
            ba10000010    mov edx, 0x10000010
            41ba00000010  mov r10d, 0x10000000
            b858000000    mov eax, 88
            0f05          syscall
            """));
  }

  @Test
  void resultIsKeptAndUsedAgain() {
    assertThat(
            code(
                plan -> {
                  Slot result = plan.ask("", "getpid");
                  plan.attempt("", "kill", result, number(0), number(0), result);
                }))
        .isEqualTo(
            hex(
                """
            31db              xor ebx, ebx
            b827000000        mov eax, 39
            0f05              syscall
            483d01f0ffff      cmp rax, -4095
            0f8328000000      jae failure
            4889042500000010  mov [0x10000000], rax
            bb01000000        mov ebx, 1
            488b3c2500000010  mov rdi, [0x10000000]
            31f6              xor esi, esi
            31d2              xor edx, edx
            4c8b142500000010  mov r10, [0x10000000]
            b83e000000        mov eax, 62
            0f05              syscall
            """));
  }

  @Test
  void jumps() {
    Label back = new Label("back");
    Label ahead = new Label("ahead");
    assertThat(code(plan -> plan.mark(back).go(ahead).go(back).mark(ahead)))
        .isEqualTo(
            hex(
                """
            e905000000  jmp ahead
            e9f6ffffff  jmp back
            """));
  }

  @Test
  void numbersInStructures() {
    Block block = Block.of("two").u32(1).u32(2).build();
    Label ahead = new Label("ahead");
    assertThat(
            code(
                plan ->
                    plan.goIfWord(block, 4, 2, ahead)
                        .add(-4, block, 0)
                        .deduct(new Slot(7), block, 4)
                        .mark(ahead)))
        .isEqualTo(
            hex(
                """
            813c250400001002000000  cmp dword [0x10000004], 2
            0f841a000000            je ahead
            81042500000010fcffffff  add dword [0x10000000], -4
            488b042508000010        mov rax, [0x10000008]
            29042504000010          sub [0x10000004], eax
            """));
  }

  @Test
  void jumpIfZero() {
    Label ahead = new Label("ahead");
    assertThat(code(plan -> plan.goIfZero(new Slot(7), ahead).mark(ahead)))
        .isEqualTo(
            hex(
                """
            48833c250000001000  cmp qword [0x10000000], 0
            0f8400000000        je ahead
            """));
  }

  @Test
  void jumpIfEqual() {
    Label ahead = new Label("ahead");
    assertThat(code(plan -> plan.goIfEqual(new Slot(7), new Slot(8), ahead).mark(ahead)))
        .isEqualTo(
            hex(
                """
            488b042500000010  mov rax, [0x10000000]
            483b042508000010  cmp rax, [0x10000008]
            0f8400000000      je ahead
            """));
  }

  @Test
  void putHalfOfSlotIntoStructure() {
    Block block = Block.of("").u64(0).u32(0).build();
    assertThat(code(plan -> plan.put32(new Slot(7), block, 8)))
        .isEqualTo(
            hex(
                """
            488b042500000010  mov rax, [0x10000000]
            89042510000010    mov [0x10000010], eax
            """));
  }

  @Test
  void failureReportsStepAndErrorAndEnds() {
    PlanBuilder plan = new PlanBuilder();
    assertThat(HexFormat.of().formatHex(encode(plan)))
        .isEqualTo(
            "f7d8" // neg eax
                + "891c2504000010" // mov [0x10000004], ebx
                + "89042508000010" // mov [0x10000008], eax
                + "bf03000000" // mov edi, 3
                + "be00000010" // mov esi, 0x10000000
                + "ba0c000000" // mov edx, 12
                + "41ba00400000" // mov r10d, 0x4000
                + "4531c0" // xor r8d, r8d
                + "4531c9" // xor r9d, r9d
                + "b82c000000" // mov eax, 44
                + "0f05" // syscall
                + "bf7d000000" // mov edi, 125
                + "b8e7000000" // mov eax, 231
                + "0f05" // syscall
                + "0f0b"); // ud2
  }

  @Test
  void wordOfAStructureIsReadWhenTheStepIsTaken() {
    Block block = Block.of("").u32(1).u32(2).build();
    assertThat(
            code(
                plan ->
                    plan.attempt("", "kill", block.word(4), number(0), number(0), block.word(0))))
        .isEqualTo(
            hex(
                """
            31db              xor ebx, ebx
            8b3c2504000010    mov edi, [0x10000004]
            31f6              xor esi, esi
            31d2              xor edx, edx
            448b142500000010  mov r10d, [0x10000000]
            b83e000000        mov eax, 62
            0f05              syscall
            """));
  }

  @Test
  void retriesWithAPauseUntilTheTimesAreOver() {
    assertThat(code(plan -> plan.retry(9, Duration.ofMillis(2), "", "getpid")))
        .isEqualTo(
            hex(
                """
            bb01000000          mov ebx, 1
            b827000000          mov eax, 39
            0f05                syscall
            4889042500000010    mov [0x10000000], rax
            488b042500000010    mov rax, [0x10000000]
            483d01f0ffff        cmp rax, -4095
            0f8241000000        jb done
            bb03000000          mov ebx, 3
            bf08000010          mov edi, 0x10000008
            31f6                xor esi, esi
            b823000000          mov eax, 35
            0f05                syscall
            48ff0c2518000010    dec qword [0x10000018]
            0f85b7ffffff        jne again
            bb05000000          mov ebx, 5
            b827000000          mov eax, 39
            0f05                syscall
            483d01f0ffff        cmp rax, -4095
            0f8308000000        jae failure
            4889042500000010    mov [0x10000000], rax
            """));
  }

  @Test
  void rescueTakesThePlaceOfTheFailure() {
    Block report = Block.of("").u32(7).u32(0).u32(0).build();
    PlanBuilder plan = new PlanBuilder();
    plan.call("", "setsid").rescue(report, 4).attempt("", "exit_group", number(1));
    assertThat(HexFormat.of().formatHex(encode(plan)))
        .isEqualTo(
            hex(
                """
            31db            xor ebx, ebx
            b870000000      mov eax, 112
            0f05            syscall
            483d01f0ffff    cmp rax, -4095
            0f8300000000    jae rescue
            f7d8            neg eax
            891c2504000010  mov [0x10000004], ebx
            89042508000010  mov [0x10000008], eax
            bb02000000      mov ebx, 2
            bf01000000      mov edi, 1
            b8e7000000      mov eax, 231
            0f05            syscall
            """));
  }

  @Test
  void placeThatIsNowhereIsRefused() {
    assertThatThrownBy(() -> code(plan -> plan.go(new Label("nowhere"))))
        .hasMessageContaining("nowhere");
  }

  /** The first word of each line. */
  private static String hex(String listing) {
    return listing
        .lines()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .collect(Collectors.joining());
  }

  private static String code(Consumer<PlanBuilder> steps) {
    PlanBuilder plan = new PlanBuilder();
    steps.accept(plan);
    byte[] failure = encode(new PlanBuilder());
    byte[] all = encode(plan);
    return HexFormat.of().formatHex(all, 0, all.length - failure.length);
  }

  private static byte[] encode(PlanBuilder plan) {
    return Architecture.of("amd64").orElseThrow().encoder().encode(plan.build(), new PlanMemory());
  }
}
