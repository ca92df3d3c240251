package io.cordon.policy;

/** The words of the manual that come from the table of the format. */
final class ManualTable {
  private ManualTable() {}

  /** The line of a key in the manual. */
  static <T> String line(Key<T> key) {
    return "`%s`: %s; built in: %s. %s".formatted(key.path(), range(key), builtIn(key), key.doc());
  }

  /** What a schema's description says beyond the key's own sentence. */
  static <T> String rangeSentence(Key<T> key) {
    String builtIn =
        key.builtIn().isPresent() ? " Where no file says more: " + builtIn(key) + "." : "";
    return switch (key.syntax()) {
      case Syntax.Amount _, Rate _, Budget _ -> " From " + range(key) + "." + builtIn;
      default -> builtIn;
    };
  }

  private static <T> String builtIn(Key<T> key) {
    return key.write(key.builtIn());
  }

  private static String range(Key<?> key) {
    return switch (key.syntax()) {
      case Syntax.Amount amount -> range(amount);
      case Rate rate -> range(rate.count()) + ", each " + range(rate.period());
      case Budget budget -> range(budget.amount()) + ", per " + range(budget.window());
      case Syntax.Word<?> word -> String.join(", ", word.words().keySet());
      case Syntax.Indices _ -> "numbers such as 0-3,8";
      case Syntax.Items<?> items when items.item() instanceof Syntax.Word<?> word ->
          "list of " + String.join(", ", word.words().keySet());
      case Syntax.Items<?> _, Syntax.Text _ -> "list of names";
      case Overrides _ -> "list of overrides";
    };
  }

  private static String range(Syntax.Amount amount) {
    return amount.write(amount.least()) + " to " + amount.write(amount.most());
  }
}
