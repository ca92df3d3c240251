package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes and reads the values without parts. */
final class ScalarCodec extends Codec {
  /** Longer than any date, and far shorter than what makes a date's parser slow. */
  private static final int LONGEST_TIME = 128;

  private final ScalarKind kind;
  private final boolean primitive;

  ScalarCodec(PlainType.Scalar type) {
    this.kind = type.kind();
    this.primitive = type.javaType().isPrimitive();
  }

  @Override
  void writeNull(ValueOutput out) throws IOException, ValueException {
    if (primitive) {
      throw out.wrong("null is no " + kind.name().toLowerCase(java.util.Locale.ROOT));
    }
    super.writeNull(out);
  }

  @Override
  @Nullable Object absent(ValueInput in) throws IOException {
    return switch (kind) {
      case OPTIONAL_INT -> OptionalInt.empty();
      case OPTIONAL_LONG -> OptionalLong.empty();
      case OPTIONAL_DOUBLE -> OptionalDouble.empty();
      default -> {
        if (primitive) {
          throw in.wrong("no value for a " + kind.name().toLowerCase(java.util.Locale.ROOT));
        }
        yield null;
      }
    };
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException, ValueException {
    JsonGenerator to = out.generator;
    switch (kind) {
      case BOOLEAN -> to.writeBoolean((Boolean) value);
      case BYTE -> to.writeNumber((Byte) value);
      case SHORT -> to.writeNumber((Short) value);
      case INT -> to.writeNumber((Integer) value);
      case LONG -> to.writeNumber((Long) value);
      case FLOAT -> to.writeNumber((Float) value);
      case DOUBLE -> to.writeNumber((Double) value);
      case BIG_INTEGER -> to.writeNumber(checked(out, (BigInteger) value));
      case BIG_DECIMAL -> to.writeNumber(checked(out, (BigDecimal) value));
      case STRING -> to.writeString(checked(out, (String) value));
      case BYTES -> to.writeBinary((byte[]) value);
      case OPTIONAL_INT -> {
        OptionalInt optional = (OptionalInt) value;
        if (optional.isPresent()) {
          to.writeNumber(optional.getAsInt());
        } else {
          to.writeNull();
        }
      }
      case OPTIONAL_LONG -> {
        OptionalLong optional = (OptionalLong) value;
        if (optional.isPresent()) {
          to.writeNumber(optional.getAsLong());
        } else {
          to.writeNull();
        }
      }
      case OPTIONAL_DOUBLE -> {
        OptionalDouble optional = (OptionalDouble) value;
        if (optional.isPresent()) {
          to.writeNumber(optional.getAsDouble());
        } else {
          to.writeNull();
        }
      }
      case CHAR,
          UUID,
          URI,
          DURATION,
          INSTANT,
          LOCAL_DATE,
          LOCAL_DATE_TIME,
          LOCAL_TIME,
          MONTH_DAY,
          OFFSET_DATE_TIME,
          OFFSET_TIME,
          PERIOD,
          YEAR,
          YEAR_MONTH,
          ZONED_DATE_TIME,
          ZONE_ID,
          ZONE_OFFSET ->
          to.writeString(checked(out, value.toString()));
    }
  }

  private static String checked(ValueOutput out, String value) throws ValueException {
    if (value.length() > out.limits.stringLength()) {
      throw out.wrong("a text of more than " + out.limits.stringLength() + " characters");
    }
    return value;
  }

  static BigInteger checked(ValueOutput out, BigInteger value) throws ValueException {
    // A bit is less than a third of a digit: the quick look spares counting the digits of giants.
    int most = out.limits.numberLength();
    if (value.bitLength() / 4 > most || value.abs().toString().length() > most) {
      throw out.wrong("a number of more than " + most + " digits");
    }
    return value;
  }

  static BigDecimal checked(ValueOutput out, BigDecimal value) throws ValueException {
    int most = out.limits.numberLength();
    if (value.unscaledValue().bitLength() / 4 > most || value.precision() > most) {
      throw out.wrong("a number of more than " + most + " digits");
    }
    if (Math.abs((long) value.scale()) > out.limits.decimalScale()) {
      throw out.wrong("a decimal of scale " + value.scale());
    }
    return value;
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    JsonParser from = in.parser;
    return switch (kind) {
      case BOOLEAN ->
          switch (from.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw in.expected("true or false");
          };
      case BYTE -> (byte) integer(in, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SHORT -> (short) integer(in, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT -> (int) integer(in, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> integer(in, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT -> (float) floating(in);
      case DOUBLE -> floating(in);
      case BIG_INTEGER -> bigInteger(in);
      case BIG_DECIMAL -> bigDecimal(in);
      case STRING -> text(in);
      case CHAR -> {
        String text = text(in);
        if (text.length() != 1) {
          throw in.wrong("expected one character, not " + text.length());
        }
        yield text.charAt(0);
      }
      case BYTES -> {
        require(in, JsonToken.VALUE_STRING, "a text in base 64");
        yield from.getBinaryValue();
      }
      case OPTIONAL_INT -> OptionalInt.of((int) integer(in, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case OPTIONAL_LONG -> OptionalLong.of(integer(in, Long.MIN_VALUE, Long.MAX_VALUE));
      case OPTIONAL_DOUBLE -> OptionalDouble.of(floating(in));
      case UUID -> parsed(in, UUID::fromString, "a UUID", LONGEST_TIME);
      case URI -> parsed(in, URI::create, "a URI", in.limits.stringLength());
      case DURATION -> parsed(in, Duration::parse, "a duration", LONGEST_TIME);
      case INSTANT -> parsed(in, Instant::parse, "an instant", LONGEST_TIME);
      case LOCAL_DATE -> parsed(in, LocalDate::parse, "a date", LONGEST_TIME);
      case LOCAL_DATE_TIME -> parsed(in, LocalDateTime::parse, "a date and time", LONGEST_TIME);
      case LOCAL_TIME -> parsed(in, LocalTime::parse, "a time", LONGEST_TIME);
      case MONTH_DAY -> parsed(in, MonthDay::parse, "a month and day", LONGEST_TIME);
      case OFFSET_DATE_TIME ->
          parsed(in, OffsetDateTime::parse, "a date and time with an offset", LONGEST_TIME);
      case OFFSET_TIME -> parsed(in, OffsetTime::parse, "a time with an offset", LONGEST_TIME);
      case PERIOD -> parsed(in, Period::parse, "a period", LONGEST_TIME);
      case YEAR -> parsed(in, Year::parse, "a year", LONGEST_TIME);
      case YEAR_MONTH -> parsed(in, YearMonth::parse, "a year and month", LONGEST_TIME);
      case ZONED_DATE_TIME ->
          parsed(in, ZonedDateTime::parse, "a date and time with a zone", LONGEST_TIME);
      case ZONE_ID -> parsed(in, ZoneId::of, "a time zone", LONGEST_TIME);
      case ZONE_OFFSET -> parsed(in, ZoneOffset::of, "an offset", LONGEST_TIME);
    };
  }

  private interface Parsing {
    Object parse(String text);
  }

  private static Object parsed(ValueInput in, Parsing parsing, String what, int longest)
      throws IOException {
    String text = text(in);
    if (text.length() > longest) {
      throw in.wrong("too long for " + what);
    }
    try {
      return parsing.parse(text);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw in.wrong("not " + what + ": \"" + Where.bounded(text) + "\"");
    }
  }

  private static long integer(ValueInput in, long least, long most) throws IOException {
    require(in, JsonToken.VALUE_NUMBER_INT, "an integer");
    long value = in.parser.getLongValue();
    if (value < least || value > most) {
      throw in.wrong(value + " is not within " + least + " to " + most);
    }
    return value;
  }

  private static double floating(ValueInput in) throws IOException {
    return switch (in.parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.parser.getDoubleValue();
      // JSON has no words for them; written in quotes.
      case VALUE_STRING ->
          switch (in.parser.getText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw in.expected("a number");
          };
      default -> throw in.expected("a number");
    };
  }

  /** Also in quotes: that is how a script without such numbers can make one. */
  private static BigInteger bigInteger(ValueInput in) throws IOException {
    return switch (in.parser.currentToken()) {
      case VALUE_NUMBER_INT -> in.parser.getBigIntegerValue();
      case VALUE_STRING -> {
        String text = digits(in);
        try {
          yield new BigInteger(text);
        } catch (NumberFormatException e) {
          throw in.wrong("not an integer: \"" + Where.bounded(text) + "\"");
        }
      }
      default -> throw in.expected("an integer");
    };
  }

  private static BigDecimal bigDecimal(ValueInput in) throws IOException {
    BigDecimal value =
        switch (in.parser.currentToken()) {
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.parser.getDecimalValue();
          case VALUE_STRING -> {
            String text = digits(in);
            try {
              yield new BigDecimal(text);
            } catch (NumberFormatException e) {
              throw in.wrong("not a decimal: \"" + Where.bounded(text) + "\"");
            }
          }
          default -> throw in.expected("a decimal");
        };
    if (Math.abs((long) value.scale()) > in.limits.decimalScale()) {
      throw in.wrong("a decimal of scale " + value.scale());
    }
    return value;
  }

  private static String digits(ValueInput in) throws IOException {
    String text = in.parser.getText();
    if (text.length() > in.limits.numberLength()) {
      throw in.wrong("a number of more than " + in.limits.numberLength() + " digits");
    }
    return text;
  }

  private static String text(ValueInput in) throws IOException {
    require(in, JsonToken.VALUE_STRING, "a text");
    return in.parser.getText();
  }

  private static void require(ValueInput in, JsonToken token, String what) throws IOException {
    if (in.parser.currentToken() != token) {
      throw in.expected(what);
    }
  }
}
