package io.cordon.sandbox.spi;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
   * @param common what the application's strategies share
   */
  record Context(Path cache, Consumer<String> progress, Common common) {

    /** For a strategy that is the only one. */
    public Context(Path cache, Consumer<String> progress) {
      this(cache, progress, new Common());
    }
  }

  /**
   * What the strategies of an application share: of each type one thing, made by who asks for it
   * first. Who closes it, and when, is for those who share it. Safe for several threads.
   */
  final class Common {
    private final ConcurrentMap<Class<?>, Object> things = new ConcurrentHashMap<>();

    /** Nothing yet. */
    public Common() {}

    /** The one of this type. */
    public <T> T get(Class<T> type, Supplier<T> source) {
      return type.cast(things.computeIfAbsent(type, _ -> source.get()));
    }
  }
}
