package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import io.cordon.policy.YamlNode.ScalarType;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the value of a key is written: read from YAML, and written back the same way. */
sealed interface Syntax<T>
    permits Syntax.Amount,
        Syntax.Word,
        Syntax.Text,
        Syntax.Indices,
        Syntax.Items,
        Overrides,
        Rate,
        Budget {

  /** Reads a value; adds what is wrong with it to the problems, and then returns nothing. */
  Optional<T> read(String path, YamlNode node, Problems problems);

  /** The value as a policy file would have it, in YAML's flow style. */
  String write(T value);

  /** A set of numbers, such as those of processors. */
  record Indices() implements Syntax<IndexSet> {
    @Override
    public Optional<IndexSet> read(String path, YamlNode node, Problems problems) {
      if (!(node instanceof YamlNode.Scalar scalar) || scalar.type() == ScalarType.NULL) {
        return wrongType(path, node, "numbers such as 0-3,8", problems);
      }
      Optional<IndexSet> set = IndexSet.parse(scalar.text());
      return set.isPresent()
          ? set
          : refuse(
              scalar,
              Code.BAD_VALUE,
              path
                  + " takes numbers and ranges up to "
                  + IndexSet.MOST
                  + ", such as 0-3,8, not "
                  + Quoted.of(scalar.text()),
              problems);
    }

    @Override
    public String write(IndexSet value) {
      return "'" + value + "'";
    }
  }

  /**
   * An amount with a unit.
   *
   * @param scale how it is written
   * @param least the smallest that makes sense, in the base unit
   * @param most the largest that makes sense, in the base unit
   */
  record Amount(Scale scale, long least, long most) implements Syntax<Long> {

    @Override
    public Optional<Long> read(String path, YamlNode node, Problems problems) {
      if (!(node instanceof YamlNode.Scalar scalar) || scalar.type() == ScalarType.NULL) {
        return wrongType(path, node, "an amount such as " + scale.example(), problems);
      }
      return read(path, node, scalar.text(), problems);
    }

    /** Reads an amount that is a part of the node's text. */
    Optional<Long> read(String path, YamlNode scalar, String text, Problems problems) {
      if (text.startsWith("-") && scale.parse(text.substring(1)).isPresent()) {
        return refuse(
            scalar, Code.OUT_OF_RANGE, path + " can't be negative: " + Quoted.of(text), problems);
      }
      Optional<BigDecimal> amount = scale.parse(text);
      if (amount.isEmpty()) {
        return refuse(scalar, Code.BAD_VALUE, path + notAnAmount(text), problems);
      }
      BigDecimal grain = BigDecimal.valueOf(scale.grain());
      if (amount.get().remainder(grain).signum() != 0) {
        String tooFine = " is too precise: the smallest step is " + scale.format(scale.grain());
        return refuse(scalar, Code.BAD_VALUE, path + ": " + Quoted.of(text) + tooFine, problems);
      }
      if (amount.get().compareTo(BigDecimal.valueOf(least)) < 0
          || amount.get().compareTo(BigDecimal.valueOf(most)) > 0) {
        String range = " must be from " + write(least) + " to " + write(most);
        String message = path + range + ", not " + Quoted.of(text);
        return refuse(scalar, Code.OUT_OF_RANGE, message, problems);
      }
      return Optional.of(amount.get().longValueExact());
    }

    private String notAnAmount(String text) {
      String hint =
          scale
              .meant(text)
              .map(meant -> "; did you mean " + meant + "?")
              .orElse("; write it like " + scale.example());
      return ": " + Quoted.of(text) + " is not an amount that fits here" + hint;
    }

    @Override
    public String write(Long value) {
      return scale.format(value);
    }
  }

  /**
   * One of a few words.
   *
   * @param words the words in the order in which messages list them
   */
  record Word<E extends Enum<E>>(Map<String, E> words) implements Syntax<E> {

    static <E extends Enum<E>> Word<E> of(E[] values, Function<E, String> key) {
      Map<String, E> words = new LinkedHashMap<>();
      for (E value : values) {
        words.put(key.apply(value), value);
      }
      return new Word<>(words);
    }

    @Override
    public Optional<E> read(String path, YamlNode node, Problems problems) {
      Optional<String> text = string(path, node, "one of " + list(), problems);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      E value = words.get(text.get());
      if (value == null) {
        String message = path + " can't be " + Quoted.of(text.get()) + ": " + hint(text.get());
        return refuse(node, Code.BAD_VALUE, message, problems);
      }
      return Optional.of(value);
    }

    private String hint(String text) {
      return Nearest.to(text, words.keySet())
          .map(near -> "did you mean " + near + "?")
          .orElseGet(() -> "it is one of " + list());
    }

    private String list() {
      return String.join(", ", words.keySet());
    }

    @Override
    public String write(E value) {
      return words.entrySet().stream()
          .filter(word -> word.getValue() == value)
          .map(Map.Entry::getKey)
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * A text of a certain form.
   *
   * @param pattern the form
   * @param what what such a text is, for messages
   */
  record Text(Pattern pattern, String what) implements Syntax<String> {
    @Override
    public Optional<String> read(String path, YamlNode node, Problems problems) {
      Optional<String> text = string(path, node, what, problems);
      if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
        String message = path + ": " + Quoted.of(text.get()) + " is not " + what;
        return refuse(node, Code.BAD_VALUE, message, problems);
      }
      return text;
    }

    @Override
    public String write(String value) {
      return value;
    }
  }

  /**
   * A list whose items differ from each other.
   *
   * @param item how an item is written
   * @param most how many items there may be
   */
  record Items<T>(Syntax<T> item, int most) implements Syntax<SequencedSet<T>> {
    @Override
    public Optional<SequencedSet<T>> read(String path, YamlNode node, Problems problems) {
      if (!(node instanceof YamlNode.Sequence sequence)) {
        return wrongType(path, node, "a list", problems);
      }
      if (sequence.items().size() > most) {
        String message = path + " has more than " + most + " items";
        return refuse(node, Code.TOO_LARGE, message, problems);
      }
      SequencedSet<T> values = new LinkedHashSet<>();
      for (YamlNode each : sequence.items()) {
        Optional<T> value = item.read(path, each, problems);
        if (value.isPresent() && !values.add(value.get())) {
          String message = path + " has " + item.write(value.get()) + " twice";
          problems.add(each.at(), Code.BAD_VALUE, message);
        }
      }
      return Optional.of(values);
    }

    @Override
    public String write(SequencedSet<T> values) {
      return values.stream().map(item::write).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** Reads what must be a string; a number or a boolean is none unless it is quoted. */
  private static Optional<String> string(
      String path, YamlNode node, String expected, Problems problems) {
    if (node instanceof YamlNode.Scalar scalar && scalar.type() == ScalarType.STRING) {
      return Optional.of(scalar.text());
    }
    return wrongType(path, node, expected, problems);
  }

  /** Reports a value of the wrong type. */
  static <T> Optional<T> wrongType(String path, YamlNode node, String expected, Problems problems) {
    if (node instanceof YamlNode.Refused) {
      return Optional.empty();
    }
    String message = path + " must be " + expected + ", not " + node.what();
    return refuse(node, Code.WRONG_TYPE, message, problems);
  }

  /** Reports a value that can't be. */
  static <T> Optional<T> refuse(YamlNode node, Code code, String message, Problems problems) {
    problems.add(node.at(), code, message);
    return Optional.empty();
  }
}
