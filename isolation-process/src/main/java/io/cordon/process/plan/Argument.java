package io.cordon.process.plan;

import io.cordon.process.kernel.Constant;
import java.util.List;
import java.util.stream.Collectors;

/** An argument of a system call. */
public sealed interface Argument {

  /** How it reads in a printed plan. */
  String describe();

  /** A number that is known when the plan is made. */
  sealed interface Immediate extends Argument {

    /** The number, as the register holds it. */
    long value();
  }

  /** A plain number. */
  record Decimal(long value) implements Immediate {
    @Override
    public String describe() {
      return Long.toString(value);
    }
  }

  /** Permissions. */
  record Octal(long value) implements Immediate {
    @Override
    public String describe() {
      return value == 0 ? "0" : "0" + Long.toOctalString(value);
    }
  }

  /** Constants of the kernel, joined. */
  record Flags(List<Constant> constants) implements Immediate {
    public Flags {
      constants = List.copyOf(constants);
    }

    @Override
    public long value() {
      long bits = 0;
      for (Constant constant : constants) {
        bits |= constant.value();
      }
      return bits;
    }

    @Override
    public String describe() {
      return constants.stream().map(Constant::name).collect(Collectors.joining("|"));
    }
  }

  /** The address of a text, which ends with a zero byte. */
  record Text(String value) implements Argument {
    public Text {
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a zero character in a text of a plan");
      }
    }

    @Override
    public String describe() {
      return Printable.quote(value);
    }
  }

  /** The address of a structure, or of a place in it. */
  record Address(Block block, int offset) implements Argument {
    @Override
    public String describe() {
      return offset == 0 ? block.describe() : block.describe() + "+" + offset;
    }
  }

  /** What an earlier step returned: 64 bits of memory. */
  record Slot(int step) implements Argument {
    @Override
    public String describe() {
      return "$" + step;
    }
  }

  /** The 32 bits at a place in a structure, as they are when the step is taken. */
  record Word(Block block, int offset) implements Argument {
    @Override
    public String describe() {
      return "%s[%d]".formatted(block.describe(), offset);
    }
  }

  /** A plain number. */
  static Argument number(long value) {
    return new Decimal(value);
  }

  /** Permissions. */
  static Argument octal(long value) {
    return new Octal(value);
  }

  /** Constants of the kernel, joined. */
  static Argument flags(Constant... constants) {
    return new Flags(List.of(constants));
  }

  /** A text. */
  static Argument text(String value) {
    return new Text(value);
  }
}
