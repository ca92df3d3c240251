package io.cordon.engine.script;

import static io.cordon.engine.TestPolicy.MIB;
import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.engine.TestEngine;
import io.cordon.engine.plain.PlainCell;
import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ScriptIT {
  // What a loop runs out of, and what comes before or after it must not.
  private static final Duration WALL = Duration.ofMillis(1400);
  private static final Duration CPU_TIME = Duration.ofSeconds(1);

  record Line(String name, long price) {}

  record Order(List<Line> lines) {}

  record Total(long sum, Set<String> names) {}

  private static final Order ORDER = new Order(List.of(new Line("tea", 3), new Line("cake", 4)));

  private static final Script<Total> SUM =
      Script.javaScript(
              """
              ({sum: order.lines.reduce((s, l) => s + l.price, 0),
                names: order.lines.map(l => l.name)})
              """)
          .bind("order", ORDER)
          .returning(Total.class);

  @Test
  void plainDataGoesInAndComesOut() {
    try (var engine = new TestEngine(generous())) {
      assertThat(engine.acme().run(SUM)).isEqualTo(new Total(7, Set.of("tea", "cake")));
      assertThat(engine.acme().run(Script.javaScript("[1, 'two', null]")))
          .isEqualTo("[1,\"two\",null]");
      assertThat(engine.acme().run(Script.javaScript("undefined"))).isEqualTo("null");
    }
  }

  @Test
  void aWorkerIsUsedAgainByItsTenantAloneAndKnowsNothingOfTheScriptBefore() {
    try (var engine = new TestEngine(generous())) {
      engine.acme().run(Script.javaScript("globalThis.left = 'behind'; 1"));
      assertThat(engine.acme().run(Script.javaScript("typeof left"))).isEqualTo("\"undefined\"");
      assertThat(serving(engine)).hasSize(1);

      engine.tenant("globex").run(Script.javaScript("1"));
      assertThat(serving(engine)).hasSize(2);
    }
  }

  private static List<String> serving(TestEngine engine) {
    return engine.strategy().launched().stream()
        .filter(spec -> !spec.tenant().equals("cordon-training"))
        .map(spec -> spec.tenant())
        .toList();
  }

  @Test
  void whatAScriptThrowsIsAFailureAndItsWorkerLivesOn() {
    try (var engine = new TestEngine(generous())) {
      assertThat(engine.acme().submit(Script.javaScript("null.x")).outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.message()).startsWith("TypeError: "));
      assertThat(engine.acme().submit(Script.javaScript("({a: () => 1})")).outcome())
          .isInstanceOf(Outcome.Failed.class);
      assertThat(
              engine
                  .acme()
                  .submit(Script.javaScript("'no total'").returning(Total.class))
                  .outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.message()).contains("not what was asked for"));
      assertThat(serving(engine)).hasSize(1);
    }
  }

  @Test
  void whatAScriptPrintsIsOnItsHandle() throws Exception {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<String> handle =
          engine.acme().submit(Script.javaScript("console.log('out'); console.error('err'); 1"));

      assertThat(handle.result().get()).isEqualTo("1");
      assertThat(handle.stdout()).hasContent("out");
      assertThat(handle.stderr()).hasContent("err");
      assertThat(handle.usage().outputBytes()).isEqualTo(9);
    }
  }

  @Test
  void aLoopIsKilledAtItsWallClockAndTheNextScriptHasANewWorker() {
    try (var engine = new TestEngine(generous().wall(WALL))) {
      assertThat(engine.acme().submit(Script.javaScript("while (true) {}")).outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.WALL));
      assertThat(engine.acme().run(Script.javaScript("6 * 7"))).isEqualTo("42");
      assertThat(serving(engine)).hasSize(2);
    }
  }

  @Test
  void theProcessorTimeOfTheWorkersStartIsNotTheScripts() {
    try (var engine = new TestEngine(generous().cpuTime(CPU_TIME))) {
      assertThat(engine.acme().run(Script.javaScript("6 * 7"))).isEqualTo("42");
      assertThat(engine.acme().submit(Script.javaScript("while (true) {}")).outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.CPU_TIME));
    }
  }

  @Test
  void aHeapThatIsFullIsAMemoryLimitByTheWorkersOwnWord() {
    try (var engine = new TestEngine(generous().memory(320 * MIB))) {
      assertThat(
              engine
                  .acme()
                  .submit(
                      Script.javaScript(
                          """
                          const all = [];
                          while (true) { try { all.push(new Array(10000).fill(all.length)); } catch (e) {} }
                          """))
                  .outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY);
                assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.GUEST);
                assertThat(exceeded.allowed()).isEqualTo(320 * MIB);
              });
    }
  }

  @Test
  void aFloodOfOutputIsStopped() {
    try (var engine = new TestEngine(generous().output(100_000))) {
      assertThat(engine.acme().submit(Script.javaScript("while (true) console.log('y')")).outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.OUTPUT));
    }
  }

  @Test
  void limitsThatAreTooSmallForAWorkerAreNamedWithTheLeast() {
    try (var engine = new TestEngine(generous().memory(32 * MIB))) {
      assertThatThrownBy(() -> engine.acme().run(Script.javaScript("1")))
          .isInstanceOfSatisfying(OutcomeException.class, e -> refused(e, "memory.max", "Mi"));
    }
    try (var engine = new TestEngine(generous().pids(4))) {
      assertThatThrownBy(() -> engine.acme().run(Script.javaScript("1")))
          .isInstanceOfSatisfying(OutcomeException.class, e -> refused(e, "pids.max", "20"));
    }
  }

  private static void refused(OutcomeException e, String... says) {
    assertThat(e.outcome())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL);
              assertThat(refused.reason()).contains(says);
            });
  }

  @Test
  void whatIsNotPlainDataIsNotSent() {
    try (var engine = new TestEngine(generous())) {
      assertThat(
              engine
                  .acme()
                  .submit(Script.javaScript("1").bind("thread", Thread.currentThread()))
                  .outcome())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_VALUE));
      assertThat(engine.acme().submit(Script.javaScript("1").returning(Thread.class)).outcome())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_VALUE));
    }
  }

  @Test
  void aWorkerThatIsKilledFromOutsideIsACrash() {
    try (var engine = new TestEngine(generous())) {
      TaskHandle<String> handle = engine.acme().submit(Script.javaScript("while (true) {}"));
      PlainCell cell = null;
      while (cell == null || handle.usage().wall().isZero()) {
        cell = engine.strategy().cells().stream().findFirst().orElse(null);
      }
      ProcessHandle.of(cell.pid()).orElseThrow().destroyForcibly();

      assertThat(handle.outcome())
          .isInstanceOfSatisfying(
              Outcome.Crashed.class, crashed -> assertThat(crashed.signal()).isEqualTo(9));
    }
  }

  @Test
  void noIdleWorkerSurvivesTheSandboxes() {
    TestEngine engine = new TestEngine(generous());
    try (engine) {
      engine.acme().run(Script.javaScript("1"));
      assertThat(engine.strategy().cells()).hasSize(1);
    }
    assertThat(engine.strategy().cells()).isEmpty();
  }
}
