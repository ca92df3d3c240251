package io.cordon.worker.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ValueCodecTest {
  private final ValueCodecs codecs = new ValueCodecs(WireLimits.DEFAULT);

  enum Colour {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "not the name";
      }
    }
  }

  record Scalars(
      boolean bool,
      byte int8,
      short int16,
      char character,
      int int32,
      long int64,
      float float32,
      double float64,
      @Nullable Integer boxed,
      String text,
      BigInteger big,
      BigDecimal decimal,
      Colour colour,
      UUID uuid,
      URI uri) {}

  record Times(
      Duration duration,
      Instant instant,
      LocalDate date,
      LocalDateTime dateTime,
      LocalTime time,
      MonthDay monthDay,
      OffsetDateTime offsetDateTime,
      OffsetTime offsetTime,
      Period period,
      Year year,
      YearMonth yearMonth,
      ZonedDateTime zonedDateTime,
      ZoneId zone,
      ZoneOffset offset) {}

  record Maybes(
      Optional<String> text, OptionalInt small, OptionalLong large, OptionalDouble real) {}

  record Collections1(
      List<Colour> list,
      Set<String> set,
      Map<Colour, List<Integer>> byColour,
      Map<Long, String> byNumber,
      Map<UUID, Boolean> byId) {}

  record Tree(int value, List<Tree> children) {}

  record Node(String name, @Nullable Node next) {}

  sealed interface Shape permits Circle, Box, Unit {}

  record Circle(double radius) implements Shape {}

  record Box(Shape inside) implements Shape {}

  enum Unit implements Shape {
    POINT
  }

  record Positive(int value) {
    Positive {
      if (value <= 0) {
        throw new IllegalArgumentException("not positive: " + value);
      }
    }
  }

  @Nullable Object roundTrip(Type type, @Nullable Object value) throws Exception {
    ValueCodec codec = codecs.of(PlainType.of(type));
    return codec.read(codec.write(value));
  }

  @Nullable Object read(Type type, String json) throws Exception {
    return codecs.of(PlainType.of(type)).read(json.getBytes(StandardCharsets.UTF_8));
  }

  void refuses(Type type, String json, String reason) {
    assertThatThrownBy(() -> read(type, json))
        .as(json)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void scalarsComeBackAsTheyWere() throws Exception {
    Scalars value =
        new Scalars(
            true,
            Byte.MIN_VALUE,
            Short.MAX_VALUE,
            'ß',
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            Float.MIN_VALUE,
            0.1 + 0.2,
            null,
            "tab\t \"quoted\" \u0000 \uD83D\uDE80",
            BigInteger.TWO.pow(200).negate(),
            new BigDecimal("-1.2300E-20"),
            Colour.GREEN,
            UUID.fromString("6ccd780c-baba-1026-9564-5b8c656024db"),
            URI.create("https://example.com/a?b=c"));
    assertThat(roundTrip(Scalars.class, value)).isEqualTo(value);
  }

  @Test
  void timesComeBackAsTheyWere() throws Exception {
    Times value =
        new Times(
            Duration.ofNanos(-1),
            Instant.parse("2026-02-03T04:05:06.000000007Z"),
            LocalDate.MAX,
            LocalDateTime.parse("2026-02-03T04:05:06"),
            LocalTime.MIDNIGHT,
            MonthDay.of(2, 29),
            OffsetDateTime.parse("2026-02-03T04:05:06+05:30"),
            OffsetTime.parse("04:05:06-03:00"),
            Period.of(1, -2, 3),
            Year.of(-5),
            YearMonth.of(2026, 2),
            ZonedDateTime.parse("2026-02-03T04:05:06+01:00[Europe/Berlin]"),
            ZoneId.of("America/New_York"),
            ZoneOffset.UTC);
    assertThat(roundTrip(Times.class, value)).isEqualTo(value);
  }

  @Test
  void optionalsComeBackAsTheyWere() throws Exception {
    for (Maybes value :
        List.of(
            new Maybes(
                Optional.of("x"), OptionalInt.of(1), OptionalLong.of(2), OptionalDouble.of(3)),
            new Maybes(
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty()))) {
      assertThat(roundTrip(Maybes.class, value)).isEqualTo(value);
    }
  }

  @Test
  void collectionsComeBackInOrderAndUnmodifiable() throws Exception {
    Map<Colour, List<Integer>> byColour = new LinkedHashMap<>();
    byColour.put(Colour.GREEN, List.of(2, 1));
    byColour.put(Colour.RED, List.of());
    Collections1 value =
        new Collections1(
            List.of(Colour.RED, Colour.GREEN, Colour.RED),
            new LinkedHashSet<>(List.of("z", "a", "m")),
            byColour,
            Map.of(-7L, "x"),
            Map.of(new UUID(1, 2), true));
    Collections1 back = (Collections1) requireNonNull(roundTrip(Collections1.class, value));
    assertThat(back).isEqualTo(value);
    assertThat(back.set()).containsExactly("z", "a", "m");
    assertThat(back.byColour().keySet()).containsExactly(Colour.GREEN, Colour.RED);
    assertThatThrownBy(() -> back.list().add(Colour.RED))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> back.set().clear()).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> back.byNumber().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void arraysComeBackAsTheyWere() throws Exception {
    assertThat((int[][]) roundTrip(int[][].class, new int[][] {{1, 2}, {}, {3}}))
        .isDeepEqualTo(new int[][] {{1, 2}, {}, {3}});
    assertThat((byte[]) roundTrip(byte[].class, new byte[] {0, -1, 127}))
        .containsExactly(0, -1, 127);
    assertThat((String[]) roundTrip(String[].class, new @Nullable String[] {"a", null}))
        .containsExactly("a", null);
    assertThat((boolean[]) roundTrip(boolean[].class, new boolean[] {true})).containsExactly(true);
  }

  @Test
  void numbersThatJsonHasNoWordForComeBackToo() throws Exception {
    assertThat(roundTrip(double.class, Double.NaN)).isEqualTo(Double.NaN);
    assertThat(roundTrip(Double.class, Double.NEGATIVE_INFINITY))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(roundTrip(float.class, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(roundTrip(double.class, -0.0)).isEqualTo(-0.0);
  }

  @Test
  void recursiveAndSealedValuesComeBackAsTheyWere() throws Exception {
    Tree tree = new Tree(1, List.of(new Tree(2, List.of()), new Tree(3, List.of())));
    assertThat(roundTrip(Tree.class, tree)).isEqualTo(tree);
    Node node = new Node("a", new Node("b", null));
    assertThat(roundTrip(Node.class, node)).isEqualTo(node);
    Shape shape = new Box(new Box(new Circle(1.5)));
    assertThat(roundTrip(Shape.class, shape)).isEqualTo(shape);
    assertThat(roundTrip(Shape.class, Unit.POINT)).isEqualTo(Unit.POINT);
  }

  @Test
  void nullIsAValueOfReferencesAlone() throws Exception {
    assertThat(roundTrip(String.class, null)).isNull();
    assertThat(roundTrip(Tree.class, null)).isNull();
    assertThatThrownBy(() -> roundTrip(int.class, null))
        .isInstanceOf(ValueException.class)
        .hasMessageContaining("null is no int");
    refuses(int.class, "null", "no value for a int");
  }

  @Test
  void whatAScriptLeavesOutIsNullOrEmptyButNeverZero() throws Exception {
    assertThat(read(Node.class, "{\"name\": \"a\"}")).isEqualTo(new Node("a", null));
    assertThat(read(Maybes.class, "{}"))
        .isEqualTo(
            new Maybes(
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty()));
    refuses(Circle.class, "{}", "Circle without its component radius");
  }

  @Test
  void componentsMayComeInAnyOrder() throws Exception {
    assertThat(read(Node.class, "{\"next\": null, \"name\": \"a\"}"))
        .isEqualTo(new Node("a", null));
  }

  @Test
  void whatTheTypeDoesNotSayIsRefused() {
    refuses(
        Circle.class, "{\"radius\": 1, \"colour\": 2}", "/colour: Circle has no such component");
    refuses(Circle.class, "{\"radius\": 1, \"radius\": 2}", "there twice");
    refuses(Circle.class, "[1]", "expected an object for Circle");
    refuses(Circle.class, "{\"radius\": \"1\"}", "/radius: expected a number");
    refuses(Circle.class, "{\"radius\": 1} {}", "more after the value");
    refuses(Circle.class, "{\"radius\": 1", "");
    refuses(Circle.class, "", "no value");
    refuses(Colour.class, "\"BLUE\"", "Colour has no constant \"BLUE\"");
    refuses(Colour.class, "0", "expected a constant of Colour");
    refuses(int.class, "1.5", "expected an integer");
    refuses(int.class, "2147483648", "2147483648 is not within");
    refuses(byte.class, "-129", "-129 is not within");
    refuses(long.class, "9223372036854775808", "out of range");
    refuses(char.class, "\"ab\"", "one character");
    refuses(boolean.class, "1", "true or false");
    refuses(byte[].class, "\"*\"", "");
    refuses(Instant.class, "\"now\"", "not an instant");
    refuses(UUID.class, "\"\"", "not a UUID");
    refuses(URI.class, "\"http://[\"", "not a URI");
    refuses(Positive.class, "{\"value\": -1}", "Positive refuses its components");
  }

  @Test
  void noNameInTheDataEverChoosesAClass() {
    refuses(Shape.class, "{\"Positive\": {\"value\": 1}}", "the name of one of the types of Shape");
    refuses(Shape.class, "{\"java.lang.Runtime\": {}}", "the name of one of the types of Shape");
    refuses(Shape.class, "{}", "the name of one of the types of Shape");
    refuses(Shape.class, "{\"Circle\": null}", "expected a value");
    refuses(
        Shape.class, "{\"Circle\": {\"radius\": 1}, \"Unit\": \"POINT\"}", "more than one type");
    refuses(Circle.class, "{\"@class\": \"java.lang.Runtime\"}", "no such component");
  }

  @Test
  void duplicatesAreRefused() throws Exception {
    Type set = Collections1.class.getRecordComponents()[1].getGenericType();
    Type map = Collections1.class.getRecordComponents()[3].getGenericType();
    refuses(set, "[\"a\", \"a\"]", "twice");
    refuses(map, "{\"5\": \"a\", \"+5\": \"b\"}", "twice");
    refuses(map, "{\"five\": \"a\"}", "not a key");
  }

  @Test
  void aValueThatHoldsItselfIsAnErrorNotAnOverflow() {
    List<Tree> children = new ArrayList<>();
    Tree tree = new Tree(1, children);
    children.add(tree);
    assertThatThrownBy(() -> roundTrip(Tree.class, tree))
        .isInstanceOf(ValueException.class)
        .hasMessageContaining("does it hold itself?");
  }

  @Test
  void aValueOfTheWrongClassIsAnError() {
    List<Object> wrong = new ArrayList<>(List.of("a", 5));
    Type list = Collections1.class.getRecordComponents()[0].getGenericType();
    assertThatThrownBy(() -> roundTrip(list, wrong)).isInstanceOf(ValueException.class);
  }

  @Test
  void anEndlessListIsAnError() throws Exception {
    List<Object> endless =
        new AbstractList<>() {
          @Override
          public @Nullable Object get(int index) {
            return null;
          }

          @Override
          public int size() {
            return Integer.MAX_VALUE;
          }
        };
    Type list = Tree.class.getRecordComponents()[1].getGenericType();
    assertThatThrownBy(() -> roundTrip(list, endless))
        .isInstanceOf(ValueException.class)
        .hasMessage("/500000: more than 500000 elements");
  }

  @Test
  void textThatIsNoUnicodeComesBackAsItWas() throws Exception {
    assertThat(roundTrip(String.class, "a\uD800b")).isEqualTo("a\uD800b");
    assertThat(roundTrip(char.class, '\uDC00')).isEqualTo('\uDC00');
  }

  @Test
  void eachLimitHoldsInBothDirections() throws Exception {
    WireLimits limits = new WireLimits(1000, 5, 20, 10, 50, 30, 4);
    ValueCodecs small = new ValueCodecs(limits);
    ValueCodecs large = new ValueCodecs(WireLimits.DEFAULT);
    Type set = Collections1.class.getRecordComponents()[1].getGenericType();
    holds(small, large, byte[].class, new byte[900], "bytes");
    holds(small, large, Node.class, chain(10), "");
    holds(small, large, BigInteger.class, BigInteger.TEN.pow(30), "");
    holds(small, large, BigDecimal.class, new BigDecimal("1E+11"), "scale -11");
    holds(small, large, BigDecimal.class, new BigDecimal("1E-11"), "scale 11");
    holds(small, large, String.class, "x".repeat(51), "");
    holds(small, large, int[].class, new int[31], "more than 30 elements");
    holds(small, large, set, Set.copyOf(Collections.nCopies(1, "x".repeat(51))), "");
  }

  private static Node chain(int length) {
    Node node = new Node("end", null);
    for (int i = 1; i < length; i++) {
      node = new Node("n", node);
    }
    return node;
  }

  private static void holds(
      ValueCodecs small, ValueCodecs large, Type type, Object value, String reason)
      throws Exception {
    ValueCodec strict = small.of(PlainType.of(type));
    byte[] json = large.of(PlainType.of(type)).write(value);
    assertThatThrownBy(() -> strict.write(value))
        .isInstanceOf(ValueException.class)
        .hasMessageContaining(reason);
    assertThatThrownBy(() -> strict.read(json))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(reason);
  }

  record Point(int x, int y) {}

  record Cloud(Set<Point> points) {}

  @Test
  void collidingRecordsCannotBusyTheReader() throws Exception {
    // 31 * x + y is the same for all of these.
    StringBuilder json = new StringBuilder("{\"points\": [");
    for (int i = 0; i < 100_000; i++) {
      json.append(i == 0 ? "" : ",").append("{\"x\":" + i + ",\"y\":" + (-31 * i) + "}");
    }
    json.append("]}");
    refuses(Cloud.class, json.toString(), "more than 4096 elements in a set of such");
  }

  @Test
  void anEncodingIsNotForTheGuestToChoose() {
    byte[] utf16 = "[\"a\"]".getBytes(StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> codecs.readJsonText(utf16)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void jsonTextIsCheckedAndKept() throws Exception {
    for (String sound : List.of("1", "null", "\"x\"", "[1, {\"a\": []}]", "{ }")) {
      assertThat(codecs.readJsonText(sound.getBytes(StandardCharsets.UTF_8))).isEqualTo(sound);
    }
    for (String broken :
        List.of("", " ", "[", "1 2", "{\"a\"}", "nul", "[1,]", "]", "'x'", "NaN")) {
      assertThatThrownBy(() -> codecs.readJsonText(broken.getBytes(StandardCharsets.UTF_8)))
          .as(broken)
          .isInstanceOf(ProtocolException.class);
    }
    byte[] deep = "[".repeat(1000).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> codecs.readJsonText(deep)).isInstanceOf(ProtocolException.class);
    byte[] many = ("[" + "1,".repeat(600_000) + "1]").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> codecs.readJsonText(many))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("500000 elements");
  }

  @Test
  void aNumberTooLongToReadIsNotRead() {
    String digits = "9".repeat(1_000_000);
    refuses(BigDecimal.class, digits, "");
    refuses(BigInteger.class, "\"" + digits + "\"", "digits");
    refuses(BigDecimal.class, "1E+2000000000", "");
    refuses(BigDecimal.class, "1E-999999999999", "");
    refuses(double.class, digits, "");
  }
}
