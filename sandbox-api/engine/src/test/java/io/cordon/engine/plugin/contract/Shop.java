package io.cordon.engine.plugin.contract;

import java.util.List;
import java.util.Optional;

/** What the plugins of these tests implement. */
public interface Shop {

  /** A line of an order. */
  record Line(String name, long price) {}

  /** The sum of the prices. */
  long total(List<Line> lines);

  /** Whatever the plugin does at that word. */
  String act(String what);

  /** Says it again. */
  default Optional<String> greeting() {
    return Optional.of("from the interface");
  }
}
