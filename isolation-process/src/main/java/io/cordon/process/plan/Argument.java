package io.cordon.process.plan;

import io.cordon.process.kernel.Constant;
import java.util.ArrayList;
import java.util.List;

/** An argument of a system call. */
public sealed interface Argument {

  /** How it reads in a printed plan. */
  String describe();

  /** A number that is known when the plan is made. */
  record Immediate(long value, String describe) implements Argument {}

  /** The address of a text, which ends with a zero byte. */
  record Text(String value) implements Argument {

    public Text {
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a zero character in a text of a plan");
      }
    }

    @Override
    public String describe() {
      StringBuilder quoted = new StringBuilder("\"");
      value
          .chars()
          .forEach(
              c -> {
                switch (c) {
                  case '\n' -> quoted.append("\\n");
                  case '"', '\\' -> quoted.append('\\').append((char) c);
                  // Escape sequences in a tenant's arguments must not reach a terminal.
                  default ->
                      quoted.append(
                          c < ' ' || (c >= 0x7f && c < 0xa0)
                              ? "\\x%02x".formatted(c)
                              : String.valueOf((char) c));
                }
              });
      return quoted.append('"').toString();
    }
  }

  /** The address of a structure, or of a place in it. */
  record Address(Block block, int offset) implements Argument {
    @Override
    public String describe() {
      return offset == 0 ? block.describe() : block.describe() + "+" + offset;
    }
  }

  /** A number that an earlier step left: 64 bits of memory, zero at first. */
  record Slot(String name) implements Argument {
    @Override
    public String describe() {
      return "$" + name;
    }
  }

  /** A number. */
  static Argument number(long value) {
    return new Immediate(value, Long.toString(value));
  }

  /** A number that is best read in octal: permissions. */
  static Argument octal(long value) {
    return new Immediate(value, "0" + Long.toOctalString(value));
  }

  /** Constants of the kernel, joined. */
  static Argument flags(Constant... constants) {
    return flags(List.of(constants));
  }

  /** Constants of the kernel, joined. */
  static Argument flags(List<? extends Constant> constants) {
    long bits = 0;
    List<String> names = new ArrayList<>();
    for (Constant constant : constants) {
      bits |= constant.value();
      names.add(constant.name());
    }
    return new Immediate(bits, names.isEmpty() ? "0" : String.join("|", names));
  }

  /** A text. */
  static Argument text(String value) {
    return new Text(value);
  }
}
