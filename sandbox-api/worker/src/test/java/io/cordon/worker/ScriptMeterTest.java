package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.Metered;
import io.cordon.worker.wire.ScriptQuota;
import io.cordon.worker.wire.ToHost;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script is ended at the statement, and the call, that is one too many. */
@Timeout(120)
final class ScriptMeterTest {
  private static final String SUM = "let n = 0; for (let i = 0; i < 1000; i++) { n += i; } n";
  private static final String DEPTH =
      "function down(n) { return n > 1 ? 1 + down(n - 1) : 1; } down(50)";

  private static InProcessWorker worker;
  private static TestHost host;

  @BeforeAll
  static void start() throws Exception {
    worker = InProcessWorker.scripts();
    host = worker.host();
  }

  @AfterAll
  static void stop() throws Exception {
    worker.close();
  }

  private static Object script(String source, ScriptQuota quota) throws Exception {
    return host.script(source, Map.of(), quota);
  }

  private static ScriptQuota statements(long most) {
    return new ScriptQuota(most, Integer.MAX_VALUE);
  }

  private static ScriptQuota stackDepth(int most) {
    return new ScriptQuota(Long.MAX_VALUE, most);
  }

  private static ToHost.LimitMet met(Metered metered) {
    return new ToHost.LimitMet(host.task(), metered);
  }

  @Test
  void statementsAreCounted() throws Exception {
    assertThat(script("1; 2; 3;", statements(3))).isEqualTo("3");
    assertThat(script("1; 2; 3;", statements(2))).isEqualTo(met(Metered.STATEMENTS));
    assertThat(script(SUM, statements(10_000))).isEqualTo("499500");
    assertThat(script(SUM, statements(900))).isEqualTo(met(Metered.STATEMENTS));
  }

  @Test
  void functionsThatAreUnderWayAreCounted() throws Exception {
    assertThat(script(DEPTH, stackDepth(50))).as("50, in the script itself").isEqualTo("50");
    assertThat(script(DEPTH, stackDepth(49))).isEqualTo(met(Metered.STACK_DEPTH));
  }

  @Test
  void whoHasReturnedOrThrownOrRestsIsNotUnderWay() throws Exception {
    String source =
        """
        function* numbers() { for (let i = 0; i < 100; i++) { yield i; } }
        function fails() { throw new Error('no'); }
        let sum = 0;
        for (const n of numbers()) { sum += n; }
        for (let i = 0; i < 100; i++) { try { fails(); } catch (e) { sum++; } }
        for (let i = 0; i < 100; i++) { [1, 2].map(n => n + i).forEach(n => { sum += n - n; }); }
        sum
        """;
    assertThat(script(source, stackDepth(4))).isEqualTo("5050");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "try { while (true) { 1; } } catch (e) { 'caught' }",
        "try { while (true) { 1; } } finally { 'late' }",
        "for (;;) {}",
        "for (;;) { }",
        "const nothing = () => {}; for (;; nothing()) {}",
        "let i = 0; for (;; i++);",
        "let i = 0; do { } while (++i);",
        "while (true);",
        "outer: for (;;) { continue outer; }",
        "const f = () => { try { f(); } catch (e) { f(); } }; f()",
        "({ toJSON() { while (true) { 1; } } })",
        "new Promise(() => { while (true) { 1; } })",
        "Promise.reject(1).catch(() => { while (true) { 1; } }); 1",
      })
  void nothingThatAScriptDoesKeepsItGoing(String source) throws Exception {
    assertThat(script(source, new ScriptQuota(10_000, 100)))
        .isInstanceOfSatisfying(
            ToHost.LimitMet.class, met -> assertThat(met.task()).isEqualTo(host.task()));
  }

  @Test
  void eachScriptHasAQuotaOfItsOwn() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(script(SUM, statements(10_000))).isEqualTo("499500");
      assertThat(script(SUM, statements(900))).isEqualTo(met(Metered.STATEMENTS));
      assertThat(script(SUM, ScriptQuota.NONE)).isEqualTo("499500");
      assertThat(script(DEPTH, stackDepth(50))).isEqualTo("50");
    }
  }

  @Test
  void whatTheWorkerDoesForAScriptIsNotTheScripts() throws Exception {
    List<Integer> many = IntStream.range(0, 1000).boxed().toList();

    assertThat(host.script("many.length", Map.of("many", many), new ScriptQuota(1, 1)))
        .isEqualTo("1000");
  }
}
