package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import io.cordon.policy.Syntax.Amount;
import io.cordon.policy.YamlNode.ScalarType;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of things in a while: {@code 50/s}, {@code 10/5min}.
 *
 * @param count how many
 * @param period in how long
 */
record Rate(Amount count, Amount period) implements Syntax<TaskRate> {
  private static final String EXAMPLE = "50/s";
  private static final Pattern LOOSE =
      Pattern.compile("([0-9.]{1,12}[a-zA-Z]?) ?(?:/|per|p) ?([0-9.]{0,12} ?[a-zA-Z]{0,8})");

  /** How it is written, for the parser and the JSON Schema. */
  Pattern grammar() {
    return Pattern.compile(
        "^(?:" + count.scale().part() + ")/(?:" + period.scale().eachPart() + ")$");
  }

  @Override
  public Optional<TaskRate> read(String path, YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.type() == ScalarType.NULL) {
      return Syntax.wrongType(path, node, "a rate such as " + EXAMPLE, problems);
    }
    String text = scalar.text();
    if (!grammar().matcher(text).matches()) {
      String message = path + ": " + Quoted.of(text) + " is not a rate; " + hint(text);
      return Syntax.refuse(node, Code.BAD_VALUE, message, problems);
    }
    int slash = text.indexOf('/');
    Optional<Long> many = count.read(path, node, text.substring(0, slash), problems);
    Optional<Long> nanos =
        period.read(path + "'s period", node, Scale.ofEach(text.substring(slash + 1)), problems);
    return many.isEmpty() || nanos.isEmpty()
        ? Optional.empty()
        : Optional.of(new TaskRate(Math.toIntExact(many.get()), Duration.ofNanos(nanos.get())));
  }

  private String hint(String text) {
    return meant(text)
        .filter(meant -> grammar().matcher(meant).matches())
        .map(meant -> "did you mean " + meant + "?")
        .orElse("write it like " + EXAMPLE);
  }

  private Optional<String> meant(String text) {
    if (count.scale().parse(text).isPresent()) {
      return Optional.of(text + "/s");
    }
    Matcher loose = LOOSE.matcher(text);
    if (!loose.matches()) {
      return Optional.empty();
    }
    String each = Scale.ofEach(loose.group(2));
    Scale times = period.scale();
    return times
        .parse(each)
        .map(exact -> each)
        .or(() -> times.meant(each))
        .flatMap(times::parse)
        .map(nanos -> loose.group(1) + "/" + times.formatEach(nanos.longValue()));
  }

  @Override
  public String write(TaskRate rate) {
    return rate.toString();
  }
}
