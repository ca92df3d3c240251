package io.cordon.process.plan;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Step.Label;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {

  @Test
  void readsLineByLine() {
    Label done = new Label("done");
    PlanBuilder plan = new PlanBuilder().layer("new-root");
    Slot file =
        plan.ask(
            "open it",
            "openat",
            flags(AT_FDCWD),
            text("a \"b\"\n"),
            flags(O_WRONLY, O_CLOEXEC),
            octal(0644));
    plan.goIfZero(file, done);
    plan.attempt("write", "write", file, Block.zeros("room", 8).address(4), number(4));
    plan.mark(done);
    assertThat(plan.build().describe())
        .containsExactly(
            "   0  new-root           open it                            "
                + "openat(AT_FDCWD, \"a \\\"b\\\"\\n\", O_WRONLY|O_CLOEXEC, 0644)",
            "   1    if $0 = 0 goto done",
            "   2  new-root           write                              "
                + "write($0, {room}+4, 4)  # may fail",
            "   3  done:");
  }

  @Test
  void terminalNeverSeesWhatATextHoldsForIt() {
    assertThat(text("\033[2J\u0085\u202e\ud800").describe())
        .isEqualTo("\"\\u{1b}[2J\\u{85}\\u{202e}\\u{d800}\"");
  }

  @Test
  void textWithZeroIsRefused() {
    assertThatThrownBy(() -> text("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsRetryAndRescueLineByLine() {
    PlanBuilder plan = new PlanBuilder().layer("ports");
    plan.retry(9, Duration.ofMillis(2), "open it", "openat", flags(AT_FDCWD), text("p"));
    Block report = Block.of("report").u32(0).u32(0).build();
    plan.rescue(report, 0).attempt("end", "exit_group", report.word(0));
    assertThat(plan.build().describe())
        .containsExactly(
            "   0  again-0:",
            "   1  ports              open it                            "
                + "openat(AT_FDCWD, \"p\")  # may fail",
            "   2    unless $1 failed goto done-0",
            "   3  ports              wait                               "
                + "nanosleep({2000000 ns}, 0)  # may fail",
            "   4    count {9 times} down, unless 0 goto again-0",
            "   5  ports              open it                            openat(AT_FDCWD, \"p\")",
            "   6  done-0:",
            "   7  on failure, with step and error in {report}+0:",
            "   8  ports              end                                "
                + "exit_group({report}[0])  # may fail");
  }

  @Test
  void rescueThatCouldFailIsRefused() {
    Block report = Block.zeros("report", 8);
    PlanBuilder failing = new PlanBuilder().rescue(report, 0).call("say so", "write");
    assertThatThrownBy(failing::build).hasMessageContaining("say so");
    PlanBuilder twice = new PlanBuilder().rescue(report, 0).rescue(report, 0);
    assertThatThrownBy(twice::build).hasMessageContaining("two rescues");
  }

  @Test
  void onlySystemCallsFail() {
    LaunchPlan plan =
        new PlanBuilder().call("end", "exit_group", number(0)).mark(new Label("x")).build();
    assertThat(plan.call(0).name()).isEqualTo("end");
    assertThatThrownBy(() -> plan.call(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> plan.call(2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> plan.call(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
