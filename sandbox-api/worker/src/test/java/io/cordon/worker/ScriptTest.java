package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {
  private static InProcessWorker worker;
  private static TestHost host;

  record Line(String name, double price) {}

  record Order(List<Line> lines, Optional<String> note) {}

  @BeforeAll
  static void start() throws Exception {
    worker = InProcessWorker.scripts();
    host = worker.host();
  }

  @AfterAll
  static void stop() throws Exception {
    worker.close();
  }

  @Test
  void theValueOfTheLastExpressionComesBackAsJson() throws Exception {
    assertThat(host.script("1 + 1")).isEqualTo("2");
    assertThat(host.script("({a: [1, 'x', null, true], b: undefined})"))
        .isEqualTo("{\"a\":[1,\"x\",null,true]}");
    assertThat(host.script("'\\ud800\u20ac'")).isEqualTo("\"\\ud800\u20ac\"");
    assertThat(host.script("new Date(0)")).isEqualTo("\"1970-01-01T00:00:00.000Z\"");
    assertThat(host.script("const x = 1;")).isEqualTo("null");
    assertThat(host.script("undefined")).isEqualTo("null");
    assertThat(host.script("")).isEqualTo("null");
  }

  @Test
  void boundValuesAreOrdinaryGlobals() throws Exception {
    Order order =
        new Order(List.of(new Line("tea", 2.5), new Line("tin", 1)), Optional.of("a\u2028b"));
    assertThat(
            host.script(
                "order.lines.reduce((s, l) => s + l.price, rate)",
                Map.of("order", order, "rate", 1)))
        .isEqualTo("4.5");
    assertThat(host.script("order.note.length", Map.of("order", order))).isEqualTo("3");
    assertThat(
            host.script(
                "order.lines.push(1); order = order.lines.map(Array.isArray); [order, order.constructor === Array]",
                Map.of("order", order)))
        .isEqualTo("[[false,false,false],true]");
    assertThat(host.script("let order = 5; order", Map.of("order", order))).isEqualTo("5");
    assertThat(host.script("__proto__", Map.of("__proto__", 7))).isEqualTo("7");
  }

  @Test
  void eachScriptHasAContextOfItsOwn() throws Exception {
    assertThat(
            host.script(
                """
                Object.prototype.polluted = 'yes';
                Array.prototype.map = () => 'mine';
                globalThis.left = 'behind';
                JSON.parse = JSON.stringify = () => 'evil';
                Object.defineProperty = Object.keys = null;
                polluted
                """))
        .isEqualTo("\"yes\"");
    assertThat(
            host.script(
                "[typeof left, ({}).polluted, [1].map(x => x), JSON.stringify([a])]",
                Map.of("a", 1)))
        .isEqualTo("[\"undefined\",null,[1],\"[1]\"]".replace("null", "null"));
  }

  @Test
  void aReplacedStringifyDoesNotWriteTheResult() throws Exception {
    assertThat(host.script("JSON.stringify = () => '{\"forged\": 1}'; JSON = null; [1]"))
        .isEqualTo("[1]");
    assertThat(host.script("String.prototype.toString = Object.prototype.valueOf = null; 'a'"))
        .isEqualTo("\"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN                        | no plain data: NaN",
        "[1, {a: [1/0]}]            | Infinity at \"0\"",
        "1n                         | a bigint",
        "[() => 1]                  | a function at \"0\"",
        "Symbol.iterator            | a symbol",
        "Promise.resolve(1)         | a Promise",
        "({m: new Map([[1, 2]])})   | a Map at \"m\"",
        "new Set([1])               | a Set",
        "/x/                        | a RegExp",
        "let a = {}; a.a = a; a     | circular",
        "'x'.repeat(9000000)        | 9000002 characters",
      })
  void aResultThatIsNoPlainDataIsAnError(String source, String message) throws Exception {
    assertThat(threw(source).message()).contains(message);
  }

  @Test
  void whatAScriptThrowsIsReportedWithItsOwnStackAlone() throws Exception {
    ToHost.Threw threw = threw("function f() {\n  throw new RangeError('no');\n}\nf()");
    assertThat(threw.type()).isEqualTo("RangeError");
    assertThat(threw.message()).isEqualTo("no");
    assertThat(threw.trace().lines())
        .containsExactly("\tat f (script:2:9)", "\tat :program (script:4:1)");
    assertThat(threw("1 +").type()).isEqualTo("SyntaxError");
    assertThat(threw("nothing").type()).isEqualTo("ReferenceError");
    assertThat(threw("throw 'text'").message()).isEqualTo("text");
    assertThat(threw("throw null").message()).isNotNull();
    assertThat(threw("throw {toString() { throw 1 }}").message()).isNotNull();
    assertThat(
            threw("throw new Proxy({}, {get() { throw 1 }, getPrototypeOf() { throw 2 }})").type())
        .isNotNull();
    assertThat(threw("class E extends Error {}; throw new E('m'.repeat(100000))").message())
        .hasSizeLessThanOrEqualTo(4096);
    assertThat(threw("({toJSON() { throw new Error('mine') }})").message()).isEqualTo("mine");
    assertThat(threw("function f() { f() } f()").type()).isEqualTo("RangeError");
    assertThat(host.script("'still here'")).isEqualTo("\"still here\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java",
        "Packages",
        "java",
        "Polyglot",
        "Graal",
        "load",
        "loadWithNewGlobal",
        "print",
        "printErr",
        "read",
        "readbuffer",
        "readline",
        "quit",
        "exit",
        "require",
        "process",
        "WebAssembly"
      })
  void aScriptReachesNothingButItsLanguage(String name) throws Exception {
    assertThat(host.script("typeof " + name)).isEqualTo("\"undefined\"");
  }

  @Test
  void modulesAndFilesCannotBeLoaded() throws Exception {
    assertThat(host.script("import('fs').then(x => globalThis.got = x, e => 0); typeof got"))
        .isEqualTo("\"undefined\"");
    assertThat(host.script("typeof new Function('return this')().Java")).isEqualTo("\"undefined\"");
    assertThat(threw("new Worker('x')").type()).isEqualTo("ReferenceError");
  }

  @Test
  void theConsoleIsOutputOfTheTask() throws Exception {
    host.outputs().clear();
    assertThat(host.script("console.log('to', 'out'); console.error('to err'); 1")).isEqualTo("1");
    assertThat(host.outputs())
        .extracting(
            o ->
                o.task()
                    + " "
                    + o.error()
                    + " "
                    + new String(o.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .containsExactlyInAnyOrder(host.task() + " false to out\n", host.task() + " true to err\n");
  }

  @Test
  void aLargeResultBelowTheLimitComesWhole() throws Exception {
    String text = (String) host.script("'x'.repeat(8 * 1024 * 1024 - 2)");
    assertThat(text).hasSize(8 * 1024 * 1024);
    // In characters it fits, in bytes it does not.
    assertThat(host.script("'\u20ac'.repeat(4 * 1024 * 1024)"))
        .isInstanceOf(ToHost.Rejected.class)
        .asString()
        .contains("12582914 bytes");
  }

  @Test
  void whatIsNoScriptOfThisWorkerIsRejected() throws Exception {
    host.send(new ToWorker.RunScript(1, "python", "1", new byte[] {'{', '}'}));
    assertThat(host.next()).isInstanceOf(ToHost.Rejected.class);
    host.send(new ToWorker.Call(2, 1, 1, new byte[0]));
    assertThat(host.next()).isInstanceOf(ToHost.Rejected.class);
    host.send(new ToWorker.OpenService(2, "x"));
    assertThat(host.next()).isInstanceOf(ToHost.ServiceMissing.class);
    host.send(new ToWorker.RunScript(1, "js", "1", new byte[] {'{'}));
    assertThat(host.next()).isInstanceOf(ToHost.Threw.class);
  }

  private static ToHost.Threw threw(String source) throws Exception {
    Object answer = host.script(source);
    assertThat(answer).as(source).isInstanceOf(ToHost.Threw.class);
    return (ToHost.Threw) answer;
  }
}
