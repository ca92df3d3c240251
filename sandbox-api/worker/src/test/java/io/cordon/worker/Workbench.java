package io.cordon.worker;

import java.util.List;
import java.util.Map;

/** The contract of the tests. */
public interface Workbench {

  /** Something with parts. */
  record Item(String name, int price) {}

  /** What comes of items. */
  record Parcel(List<Item> items, int total, Kind kind) {}

  /** An enum with code of its own. */
  enum Kind {
    SMALL,
    LARGE {
      @Override
      int weight() {
        return 10;
      }
    };

    int weight() {
      return 1;
    }
  }

  /** Thrown across. */
  final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    public Broken(String message) {
      super(message);
    }
  }

  Parcel pack(List<Item> items);

  /** Does whatever the plugin does with a text. */
  String tell(String text) throws Broken;

  /** Answers with as much text as is asked for. */
  String much(int length);

  Map<String, Integer> count(Map<String, Integer> counts);

  /** A default method runs where the plugin is. */
  default String greet() {
    return "default of " + getClass().getSimpleName();
  }
}
