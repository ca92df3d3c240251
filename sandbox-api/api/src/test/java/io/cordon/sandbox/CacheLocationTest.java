package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheLocationTest {

  @Test
  void whereItUsuallyIs() {
    Path home = Path.of("/home/me");
    Map<String, String> xdg = Map.of("XDG_CACHE_HOME", "/caches");
    Map<String, String> relative = Map.of("XDG_CACHE_HOME", "caches");

    assertThat(CacheLocation.usual(xdg::get, "me", home)).isEqualTo(Path.of("/caches/cordon"));
    assertThat(CacheLocation.usual(relative::get, "me", home))
        .isEqualTo(Path.of("/home/me/.cache/cordon"));
    assertThat(CacheLocation.usual(name -> null, "root", Path.of("/home/root")))
        .isEqualTo(Path.of("/var/cache/cordon"));
  }
}
