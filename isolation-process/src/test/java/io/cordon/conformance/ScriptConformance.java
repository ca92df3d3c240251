package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script is for its application, on any strategy: plain data in, plain data out. */
@SandboxTest
@TenantPolicy(name = "acme")
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        task: { wall.max: 4s }
        """)
@Timeout(900)
public abstract class ScriptConformance {

  /** A line of an order. */
  public record Line(String name, int count, double price) {}

  /** What is bought. */
  public record Order(String id, List<Line> lines, Optional<String> note) {}

  /** What it costs. */
  public record Total(String order, double sum, List<String> names) {}

  // What two clocks of which one was set by the other may differ by.
  private static final Duration SKEW = Duration.ofSeconds(1);

  private static final Order ORDER =
      new Order(
          "o-1", List.of(new Line("tea", 2, 3.5), new Line("milk", 1, 1.25)), Optional.empty());

  @Test
  void recordsGoInAndComeOut(Tenant acme) {
    Total total =
        acme.run(
            Script.javaScript(
                    """
                    ({
                      order: order.id,
                      sum: order.lines.reduce((sum, l) => sum + l.count * l.price, 0),
                      names: order.lines.map(l => l.name)
                    })
                    """)
                .bind("order", ORDER)
                .returning(Total.class));

    assertThat(total).isEqualTo(new Total("o-1", 8.25, List.of("tea", "milk")));
  }

  @Test
  void withoutATypeTheValueIsJson(Tenant acme) {
    assertThat(acme.run(Script.javaScript("({a: [1, 'two', null, true]})")))
        .isEqualTo("{\"a\":[1,\"two\",null,true]}");
  }

  @Test
  void severalNamesCanBeBound(Tenant acme) {
    long sum =
        acme.run(
            Script.javaScript("a + b.x + c[1]")
                .bind("a", 1)
                .bind("b", Map.of("x", 20))
                .bind("c", List.of(100, 300))
                .returning(Long.class));

    assertThat(sum).isEqualTo(321);
  }

  @Test
  void anErrorOfTheScriptIsItsOwnFailure(Tenant acme) {
    Outcome.Failed<String> failed =
        assertThat(acme.submit(Script.javaScript("throw new Error('no plums')")).outcome())
            .failed();

    assertThat(failed.message()).contains("no plums");
  }

  @Test
  void aSyntaxErrorToo(Tenant acme) {
    Outcome.Failed<String> failed =
        assertThat(acme.submit(Script.javaScript("let = = 3")).outcome()).failed();

    assertThat(failed.message()).contains("SyntaxError");
  }

  @Test
  void aValueOfAnotherShapeIsAFailure(Tenant acme) {
    assertThat(acme.submit(Script.javaScript("({sum: 'much'})").returning(Total.class)).outcome())
        .failed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while (true) { try { throw 1 } catch (e) {} }",
        "(function f() { try { f() } finally { f() } })()"
      })
  void aLoopWithoutEndMeetsTheClock(String source, Tenant hasty) {
    assertThat(hasty.submit(Script.javaScript(source)).outcome())
        .exceeded(Limit.WALL, Evidence.HOST);
  }

  @Test
  void whatItsThreadsWereAtWhenItsTimeWasOverIsTold(Tenant hasty) {
    // A worker begins to say it when a quarter of its time is left: on a processor that is
    // emulated,
    // and not its own alone, it takes much of that. One that is not heard in time is killed without
    // a word; one that tells it at all tells it in one of a few tries.
    String told = "";
    for (int attempt = 0; attempt < 5 && told.isEmpty(); attempt++) {
      Outcome<String> outcome = hasty.submit(Script.javaScript("for (;;) {}")).outcome();

      assertThat(outcome).exceeded(Limit.WALL, Evidence.HOST);
      told = ((Outcome.LimitExceeded<?>) outcome).guestTrace();
    }
    assertThat(told).startsWith("\"main\" #").contains("\tat ");
  }

  @Test
  void growingWithoutEndMeetsTheMemoryLimit(Tenant acme) {
    assertThat(
            acme.submit(Script.javaScript("const a = []; for (;;) a.push(new Uint8Array(1 << 20))"))
                .outcome())
        .exceeded(Limit.MEMORY);
  }

  @Test
  void aValueLargerThanTheOutputLimitIsNotTaken(Tenant acme) {
    assertThat(acme.submit(Script.javaScript("'x'.repeat(5 << 20)")).outcome())
        .exceeded(Limit.OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java",
        "Packages",
        "java",
        "load",
        "loadWithNewGlobal",
        "Graal",
        "Polyglot",
        "quit",
        "exit",
        "read",
        "readFully",
        "readbuffer",
        "require",
        "process",
        "importScripts",
        "fetch",
        "XMLHttpRequest"
      })
  void nothingOfTheHostIsInReach(String name, Tenant acme) {
    assertThat(acme.run(Script.javaScript("typeof " + name))).isEqualTo("\"undefined\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import('fs')",
        "import('/etc/passwd')",
        "[].constructor.constructor('return Java.type(\"java.lang.System\")')()",
        "bound.getClass()",
        "bound.class.forName('java.lang.System')"
      })
  void norByWayOfAnything(String source, Tenant acme) {
    Outcome<String> outcome =
        acme.submit(
                Script.javaScript(source)
                    .bind("bound", new Line("tea", 1, 1))
                    .returning(String.class))
            .outcome();

    assertThat(outcome).failed();
  }

  @Test
  void oneScriptLeavesNothingForTheNext(Tenant acme) {
    acme.run(Script.javaScript("globalThis.secret = 1; Array.prototype.secret = 2; 0"));

    assertThat(acme.run(Script.javaScript("typeof secret + typeof [].secret")))
        .isEqualTo("\"undefinedundefined\"");
  }

  @Test
  void aScriptThatReplacesTheLanguagesOwnHarmsOnlyItself(Tenant acme) {
    assertThat(
            acme.run(
                Script.javaScript("JSON.stringify = () => '{\"forged\":1}'; ({honest: true})")))
        .isEqualTo("{\"honest\":true}");
  }

  @Test
  void whatItPrintsIsOnItsHandle(Tenant acme) throws Exception {
    TaskHandle<String> task =
        acme.submit(Script.javaScript("console.log('out'); console.error('err'); 1"));

    assertThat(assertThat(task.outcome()).succeeded()).isEqualTo("1");
    assertThat(task.stdout()).hasContent("out");
    assertThat(task.stderr()).hasContent("err");
  }

  @Test
  void itCanBeCancelled(Tenant acme) {
    TaskHandle<String> task = acme.submit(Script.javaScript("for (;;) {}"));

    task.cancel();

    assertThat(task.outcome()).cancelled();
  }

  @Test
  void itsClockIsRight(Tenant acme) {
    acme.run(Script.javaScript("'so that the next worker may be one that has waited'"));
    Instant before = Instant.now();

    long told = acme.run(Script.javaScript("Date.now()").returning(Long.class));

    assertThat(Instant.ofEpochMilli(told)).isBetween(before.minus(SKEW), Instant.now().plus(SKEW));
  }
}
