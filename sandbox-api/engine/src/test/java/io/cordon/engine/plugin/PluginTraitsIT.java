package io.cordon.engine.plugin;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.TestEngine;
import io.cordon.engine.plain.PlainStrategy;
import io.cordon.engine.plugin.contract.Shop;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a plugin's bytecode shows may raise its isolation where {@code auto} has a choice. */
@Timeout(120)
class PluginTraitsIT {
  private static final String NATIVE_SHOP =
      """
      package shop;
      import io.cordon.engine.plugin.contract.Shop;
      import java.util.*;
      public class Plugin implements Shop {
        private static native void far();
        public long total(List<Line> lines) { return 0; }
        public Optional<String> greeting() { return Optional.empty(); }
        public String act(String what) { return what; }
      }
      """;

  @TempDir Path directory;

  private Path nativeShop() {
    return TestPlugin.jar(
        directory, "native.jar", "shop.Plugin", NATIVE_SHOP, Shop.class.getName());
  }

  @Test
  void nativeCodeGoesWhereItHasAKernelOfItsOwn() {
    PlainStrategy vm = new PlainStrategy("vm");
    try (var engine = new TestEngine(generous(), directory.resolve("cache"), List.of(vm));
        Sandbox plain = engine.acme().open(Plugin.jar(TestPlugin.shop(directory)));
        Sandbox raised = engine.acme().open(Plugin.jar(nativeShop()))) {

      assertThat(plain.isolation().strategy()).isEqualTo("process");
      assertThat(plain.isolation().reasons())
          .contains("process is the cheapest that provides what the policy requires");
      assertThat(raised.isolation().strategy()).isEqualTo("vm");
      assertThat(raised.isolation().reasons())
          .contains("vm is the strongest here, for it uses native code (JNI)");
      assertThat(raised.service(Shop.class).act("echo")).isEqualTo("echo");
    }
    assertThat(vm.launched()).as("the one that has run it, and perhaps a warm one").isNotEmpty();
    assertThat(vm.cells()).isEmpty();
  }

  @Test
  void withoutAChoiceNothingIsRead() {
    try (var engine = new TestEngine(generous(), directory.resolve("cache"));
        Sandbox box = engine.acme().open(Plugin.jar(nativeShop()))) {
      assertThat(box.isolation().strategy()).isEqualTo("process");
      assertThat(box.service(Shop.class).act("echo")).isEqualTo("echo");
    }
  }
}
