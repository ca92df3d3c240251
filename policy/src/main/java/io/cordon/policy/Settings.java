package io.cordon.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values that one file has, each with its place. */
final class Settings {

  /**
   * A value in a file.
   *
   * @param place where its key stands
   */
  record Setting<T>(T value, Place place) {}

  private final Map<String, Setting<?>> values = new HashMap<>();

  <T> void put(Key<T> key, Setting<T> setting) {
    values.put(key.path(), setting);
  }

  @SuppressWarnings("unchecked") // put() is the only way in, and holds the types together.
  <T> Optional<Setting<T>> get(Key<T> key) {
    return Optional.ofNullable((Setting<T>) values.get(key.path()));
  }

  <T> Optional<T> value(Key<T> key) {
    return get(key).map(Setting::value);
  }
}
