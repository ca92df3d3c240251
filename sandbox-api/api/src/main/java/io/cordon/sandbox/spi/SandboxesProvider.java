package io.cordon.sandbox.spi;

import io.cordon.sandbox.SandboxListener;
import io.cordon.sandbox.Sandboxes;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine's way in: found by {@link Sandboxes.Builder#open()}. */
public interface SandboxesProvider {

  /** Opens the sandboxes of an application. */
  Sandboxes open(Options options);

  /**
   * What the application said.
   *
   * @param policies the directory with one policy file per tenant
   * @param cache where what is made once is kept, or null for the user's cache directory
   * @param progress is told what takes long
   * @param tasksConcurrent how many tasks of all tenants may run at once, if that is limited
   * @param listeners are told what happens to tasks
   */
  record Options(
      Path policies,
      @Nullable Path cache,
      Consumer<String> progress,
      OptionalInt tasksConcurrent,
      List<SandboxListener> listeners) {

    public Options {
      listeners = List.copyOf(listeners);
    }
  }
}
