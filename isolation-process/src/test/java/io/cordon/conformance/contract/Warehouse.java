package io.cordon.conformance.contract;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A contract with every kind of data that may pass. */
public interface Warehouse {

  /** How much there is of something. */
  enum Unit {
    PIECE,
    KILOGRAM
  }

  /** Something to sell. */
  record Item(String name, Unit unit, BigDecimal price, Optional<String> note) {}

  /** Things that come together. */
  record Delivery(
      Instant at,
      LocalDate due,
      Duration travelled,
      List<Item> items,
      Map<String, Integer> stock,
      Map<Unit, Item> samples,
      Set<Unit> units) {}

  /** Every primitive, and what is like one. */
  record Figures(
      boolean yes,
      byte b,
      short s,
      int i,
      long l,
      float f,
      double d,
      char c,
      Integer boxed,
      BigInteger large) {}

  Delivery echo(Delivery delivery);

  Figures echo(Figures figures);

  byte[] echo(byte[] bytes);

  int[] echo(int[] numbers);

  String echo(String text);

  Optional<Item> find(String name);

  List<Item> all();

  /** Nothing comes back, and something is kept. */
  void add(Item item);

  /** How many were added since it was opened. */
  int count();

  /** Throws what the plugin throws. */
  void fail(String message);

  /** Prints and returns. */
  int print(String text);

  /** Works on for ever. */
  void spin();

  /** Gives back a text of this length. */
  String large(int length);

  /** Takes memory, or threads, as the way says, until it can't. */
  void hoard(String way);

  /** A method that the contract itself implements. */
  default String describe(Item item) {
    return item.name() + " at " + item.price() + " a " + item.unit();
  }
}
