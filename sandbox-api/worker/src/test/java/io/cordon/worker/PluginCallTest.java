package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import java.io.File;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginCallTest {
  private static final String BENCH = "acme.Bench";

  @TempDir File temporary;
  private InProcessWorker worker;
  private TestHost host;

  @BeforeEach
  void start() throws Exception {
    worker = InProcessWorker.plugin(temporary);
    host = worker.host();
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
    assertThat(temporary).isEmptyDirectory();
  }

  static PluginJar bench(String tell) {
    return bench(tell, "return counts;");
  }

  static PluginJar bench(String tell, String count) {
    return new PluginJar()
        .service(Workbench.class, BENCH)
        .source(
            BENCH,
            """
            package acme;
            import io.cordon.worker.Workbench;
            import java.util.*;
            public class Bench implements Workbench {
              public Parcel pack(List<Item> items) {
                int total = items.stream().mapToInt(Item::price).sum();
                return new Parcel(items, total, total > 10 ? Kind.LARGE : Kind.SMALL);
              }
              public String tell(String text) throws Broken { %s }
              public String much(int length) { return "x".repeat(length); }
              public Map<String, Integer> count(Map<String, Integer> counts) { %s }
            }
            """
                .formatted(tell, count));
  }

  @Test
  void aPluginIsCalledWithPlainValuesAndAnswersWithThem() throws Exception {
    TestHost.Client bench = host.open(Workbench.class, bench("return text.toUpperCase();"));
    List<Workbench.Item> items =
        List.of(new Workbench.Item("tea", 5), new Workbench.Item("tin", 7));
    assertThat(bench.call("pack", items))
        .isEqualTo(new Workbench.Parcel(items, 12, Workbench.Kind.LARGE));
    assertThat(bench.call("tell", "abc")).isEqualTo("ABC");
    assertThat(bench.call("count", Map.of("a", 1))).isEqualTo(Map.of("a", 1));
    assertThat(bench.call("greet")).isEqualTo("default of Bench");
  }

  @Test
  void whatAPluginThrowsIsReportedWithItsOwnStackAlone() throws Exception {
    TestHost.Client bench =
        host.open(
            Workbench.class,
            bench(
                "throw (Broken) new Broken(text).initCause(new IllegalStateException(\"why\"));"));
    ToHost.Threw threw = bench.threw("tell", "no");
    assertThat(threw.task()).isEqualTo(host.task());
    assertThat(threw.type()).isEqualTo(Workbench.Broken.class.getName());
    assertThat(threw.message()).isEqualTo("no");
    assertThat(threw.trace())
        .contains("acme.Bench.tell")
        .contains("Caused by: java.lang.IllegalStateException: why")
        .doesNotContain("io.cordon.worker.PluginHost")
        .doesNotContain("jdk.internal.reflect");
  }

  @Test
  void aPluginGoesOnAfterWhateverItThrows() throws Exception {
    TestHost.Client bench =
        host.open(
            Workbench.class,
            bench(
                """
                switch (text) {
                  case "deep": return tell(text);
                  case "error": throw new LinkageError("x");
                  case "cycle":
                    RuntimeException a = new RuntimeException("a");
                    a.initCause(new RuntimeException("b", a));
                    throw a;
                  case "liar":
                    throw new RuntimeException() {
                      public String getMessage() { throw new Error("no message"); }
                      public StackTraceElement[] getStackTrace() { throw new Error("no stack"); }
                      public Throwable getCause() { throw new Error("no cause"); }
                    };
                  case "long": throw new RuntimeException("m".repeat(1_000_000));
                  case "null": return null;
                  default: return text;
                }
                """));
    assertThat(bench.threw("tell", "deep").type()).isEqualTo("java.lang.StackOverflowError");
    assertThat(bench.threw("tell", "error").type()).isEqualTo("java.lang.LinkageError");
    assertThat(bench.threw("tell", "cycle").trace()).contains("Caused by: ");
    assertThat(bench.threw("tell", "liar").type()).isEqualTo("acme.Bench$1");
    ToHost.Threw longOne = bench.threw("tell", "long");
    assertThat(longOne.message()).hasSize(4 * 1024);
    assertThat(longOne.trace()).hasSizeLessThanOrEqualTo(16 * 1024);
    assertThat(bench.call("tell", "null")).isNull();
    assertThat(bench.call("tell", "fine")).isEqualTo("fine");
  }

  @Test
  void aValueThatCannotTravelIsRejectedWithTheReason() throws Exception {
    TestHost.Client bench =
        host.open(
            Workbench.class,
            bench(
                "return text;",
                "return new TreeMap<>(Map.of(\"a\", 1)) { public int size() { return 9; }"
                    + " public Set<Map.Entry<String, Integer>> entrySet() { throw new IllegalStateException(\"mine\"); } };"));
    assertThat(bench.call("much", 9_000_000))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(ToHost.Rejected.class))
        .extracting(ToHost.Rejected::reason)
        .asString()
        .startsWith("the value can't be sent: ");
    assertThat(bench.call("count", Map.of()))
        .isInstanceOfAny(ToHost.Rejected.class, ToHost.Threw.class)
        .asString()
        .contains("mine");
    assertThat(bench.call("tell", "fine")).isEqualTo("fine");
  }

  @Test
  void aCallThatMakesNoSenseIsRejected() throws Exception {
    host.open(Workbench.class, bench("return text;"));
    int tell = 4;
    for (ToWorker.Call call :
        List.of(
            new ToWorker.Call(9, 2, 0, new byte[0]),
            new ToWorker.Call(9, 1, 99, new byte[0]),
            new ToWorker.Call(9, 1, -1, new byte[0]),
            new ToWorker.Call(9, 1, tell, new byte[] {'{'}))) {
      host.send(call);
      assertThat(host.next()).isInstanceOf(ToHost.Rejected.class);
    }
    host.send(new ToWorker.RunScript(9, "js", "1", new byte[] {'{', '}'}));
    assertThat(host.next()).isInstanceOf(ToHost.Rejected.class);
  }

  @Test
  void aMissingServiceSaysWhatIsMissing() throws Exception {
    host.ship(Contract.of(Workbench.class));
    host.ship(new PluginJar().entry("readme.txt", "nothing"));
    assertThat(reason(host.open(1, Workbench.class)))
        .contains("no META-INF/services/" + Workbench.class.getName());
    assertThat(reason(host.open(2, Runnable.class)))
        .contains("no META-INF/services/java.lang.Runnable");
    assertThat(reason(host.open(3, TestHost.class))).contains("ClassNotFoundException");
  }

  @Test
  void aServiceThatCannotBeMadeSaysWhy() throws Exception {
    host.ship(Contract.of(Workbench.class));
    host.ship(
        bench("return text;")
            .source(
                "acme.Base",
                "package acme; public class Base { public Base() { throw new IllegalStateException(\"no licence\"); } }")
            .source(
                "acme.Bad",
                "package acme; public class Bad extends Base implements Runnable { public void run() {} }")
            .service(Runnable.class, "acme.Bad"));
    assertThat(reason(host.open(1, Runnable.class))).contains("no licence");
    assertThat(host.open(2, Workbench.class)).isEqualTo(new ToHost.ServiceOpened(2));
  }

  @Test
  void whatIsNoJarIsSaidWhenAServiceIsOpened() throws Exception {
    host.ship(Contract.of(Workbench.class));
    host.send(new ToWorker.PluginJar("x.jar", new byte[] {1, 2, 3}, true));
    assertThat(reason(host.open(1, Workbench.class))).contains("META-INF/services");
  }

  @Test
  void aJarThatCannotBeStoredIsSaidWhenAServiceIsOpened() throws Exception {
    try (InProcessWorker other = InProcessWorker.plugin(new File(temporary, "not-there"))) {
      other.host().ship(Contract.of(Workbench.class));
      other.host().ship(bench("return text;"));
      assertThat(reason(other.host().open(1, Workbench.class)))
          .contains("plugin.jar can't be stored");
    }
  }

  @Test
  void twoContractsMayShareTheirTypesButNotTheirNames() throws Exception {
    Contract contract = Contract.of(Workbench.class);
    host.ship(contract);
    host.ship(contract);
    host.ship(bench("return text;"));
    assertThat(host.open(1, Workbench.class)).isEqualTo(new ToHost.ServiceOpened(1));
    host.send(
        new ToWorker.DefineContract(
            "x.Y", Map.of(Workbench.Item.class.getName(), new byte[] {1, 2, 3})));
    assertThat(reason(host.open(2, Workbench.class))).contains("different classes of the name");
  }

  private static String reason(ToHost answer) {
    assertThat(answer).isInstanceOf(ToHost.ServiceMissing.class);
    return ((ToHost.ServiceMissing) answer).reason();
  }
}
