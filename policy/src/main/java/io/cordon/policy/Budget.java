package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import io.cordon.policy.Syntax.Amount;
import io.cordon.policy.YamlNode.ScalarType;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Processor time within a window: {@code 30min per 1h}.
 *
 * @param amount the processor time
 * @param window how long the window is
 */
record Budget(Amount amount, Amount window) implements Syntax<CpuBudget> {
  private static final String EXAMPLE = "30min per 1h";
  private static final String PER = " per ";

  /** How it is written, for the parser and the JSON Schema. */
  Pattern grammar() {
    return Pattern.compile(
        "^(?:" + amount.scale().part() + ")" + PER + "(?:" + window.scale().part() + ")$");
  }

  @Override
  public Optional<CpuBudget> read(String path, YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.type() == ScalarType.NULL) {
      return Syntax.wrongType(path, node, "a budget such as " + EXAMPLE, problems);
    }
    String text = scalar.text();
    if (!grammar().matcher(text).matches()) {
      String hint = " is not processor time within a window; write it like " + EXAMPLE;
      String message = path + ": " + Quoted.of(text) + hint;
      return Syntax.refuse(node, Code.BAD_VALUE, message, problems);
    }
    int per = text.indexOf(PER);
    Optional<Long> nanos = amount.read(path, node, text.substring(0, per), problems);
    Optional<Long> within =
        window.read(path + "'s window", node, text.substring(per + PER.length()), problems);
    return nanos.isEmpty() || within.isEmpty()
        ? Optional.empty()
        : Optional.of(new CpuBudget(Duration.ofNanos(nanos.get()), Duration.ofNanos(within.get())));
  }

  @Override
  public String write(CpuBudget budget) {
    return budget.toString();
  }
}
