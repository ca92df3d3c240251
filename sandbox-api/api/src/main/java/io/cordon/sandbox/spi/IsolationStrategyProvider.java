package io.cordon.sandbox.spi;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Makes an isolation strategy; found by {@link java.util.ServiceLoader}. */
public interface IsolationStrategyProvider {

  /** The strategy's name in a policy file: {@code process} or {@code vm}. */
  String name();

  /** Opens the strategy. Cheap: nothing is probed yet. */
  IsolationStrategy open(Context context);

  /**
   * What a strategy is given.
   *
   * @param cache a directory, writable by this user alone, for what is made once
   * @param progress is told what takes long
   */
  record Context(Path cache, Consumer<String> progress) {}
}
