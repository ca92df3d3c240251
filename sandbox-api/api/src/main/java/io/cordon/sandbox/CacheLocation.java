package io.cordon.sandbox;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where an application that says nothing keeps what is made once. */
public final class CacheLocation {
  private CacheLocation() {}

  /** The directory for this JVM's user: what {@link Sandboxes.Builder#cache} names the default. */
  public static Path usual() {
    return usual(
        System::getenv, System.getProperty("user.name"), Path.of(System.getProperty("user.home")));
  }

  static Path usual(Function<String, @Nullable String> environment, String user, Path home) {
    String xdg = environment.apply("XDG_CACHE_HOME");
    if (xdg != null && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, "cordon");
    }
    // Below root's home, no unprivileged user can reach it.
    return user.equals("root") ? Path.of("/var/cache/cordon") : home.resolve(".cache/cordon");
  }
}
