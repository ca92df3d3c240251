package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.ToHost;
import java.io.File;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 88: a plugin ships classes named like the worker's, the contract's and the JDK's. */
final class ClassShadowingTest {
  @TempDir File temporary;

  private Object tell(PluginJar jar) throws Exception {
    try (InProcessWorker worker = InProcessWorker.plugin(temporary)) {
      return String.valueOf(worker.host().open(Workbench.class, jar).call("tell", "x"));
    }
  }

  @Test
  void theWorkersClassesAndLibrariesCannotBeSeen() throws Exception {
    for (String name :
        new String[] {
          "io.cordon.worker.Main",
          "io.cordon.worker.wire.Message",
          "com.fasterxml.jackson.core.JsonFactory",
          "org.junit.jupiter.api.Test"
        }) {
      assertThat(
              tell(
                  PluginCallTest.bench(
                      "try { Class.forName(\"%s\"); return \"seen\"; }".formatted(name)
                          + " catch (ClassNotFoundException e) { return \"unseen\"; }")))
          .as(name)
          .isEqualTo("unseen");
    }
  }

  @Test
  void theChainIsPlatformThenContractThenPlugin() throws Exception {
    assertThat(
            tell(
                PluginCallTest.bench(
                    """
                    StringBuilder chain = new StringBuilder();
                    for (ClassLoader l = getClass().getClassLoader(); l != null; l = l.getParent()) {
                      chain.append(l.getName()).append(' ');
                    }
                    return chain.append(getClass().getClassLoader()
                        == Thread.currentThread().getContextClassLoader()).toString();
                    """)))
        .isEqualTo("plugin contract platform true");
  }

  @Test
  void aPluginsCopyOfTheWorkerIsItsOwnAndHarmsNobody() throws Exception {
    PluginJar jar =
        PluginCallTest.bench(
                "return io.cordon.worker.wire.MessageWriter.own() + new io.cordon.worker.PluginHost();")
            .source(
                "io.cordon.worker.wire.MessageWriter",
                "package io.cordon.worker.wire; public class MessageWriter {"
                    + " static { Thread.currentThread().setName(\"taken over\"); }"
                    + " public static String own() { return \"own \"; } }")
            .source(
                "io.cordon.worker.PluginHost",
                "package io.cordon.worker; public class PluginHost {"
                    + " public String toString() { return \"copy\"; } }");
    assertThat(tell(jar)).isEqualTo("own copy");
  }

  @Test
  void aPluginsCopyOfTheContractIsNeverAskedFor() throws Exception {
    PluginJar jar =
        PluginCallTest.bench("return new Item(\"tea\", 1).toString();")
            .entry(Workbench.class.getName().replace('.', '/') + ".class", "no class file at all")
            .entry(
                Workbench.Item.class.getName().replace('.', '/') + ".class",
                "no class file at all");
    assertThat(tell(jar)).isEqualTo("Item[name=tea, price=1]");
  }

  @Test
  void aClassOfTheJdkCannotBeReplaced() throws Exception {
    PluginJar jar =
        PluginCallTest.bench(
                """
                try {
                  Class.forName("java.lang.Evil", true, getClass().getClassLoader());
                  return "defined";
                } catch (ClassNotFoundException | SecurityException e) {
                  return String.class.getClassLoader() + " " + new StringBuilder("sane");
                }
                """)
            .entry("java/lang/Evil.class", "no class file at all")
            .entry("java/lang/StringBuilder.class", "no class file at all");
    assertThat(tell(jar)).isEqualTo("null sane");
  }

  @Test
  void servicesOfTheJdkInAPluginChangeNothingForTheWorker() throws Exception {
    PluginJar jar =
        PluginCallTest.bench("return text;")
            .entry("META-INF/services/com.fasterxml.jackson.core.JsonFactory", "acme.Bench\n")
            .entry("META-INF/services/java.nio.file.spi.FileSystemProvider", "acme.Bench\n");
    assertThat(tell(jar)).isEqualTo("x");
  }

  @Test
  void aProviderOfAnotherTypeIsNoService() throws Exception {
    try (InProcessWorker worker = InProcessWorker.plugin(temporary)) {
      worker.host().ship(io.cordon.worker.wire.Contract.of(Workbench.class));
      worker
          .host()
          .ship(
              new PluginJar()
                  .service(Workbench.class, "acme.Other")
                  .source("acme.Other", "package acme; public class Other {}"));
      assertThat(worker.host().open(1, Workbench.class))
          .isInstanceOf(ToHost.ServiceMissing.class)
          .asString()
          .contains("not a subtype");
    }
  }
}
