package io.cordon.process.plan;

import io.cordon.process.plan.Argument.Slot;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One step of a launch plan. */
public sealed interface Step {

  /** How it reads in a printed plan. */
  String describe();

  /**
   * A system call.
   *
   * @param layer the layer of protection that it belongs to
   * @param name what it is for, in words
   * @param systemCall the system call's name
   * @param arguments what it is given
   * @param onError what happens when it fails
   * @param result where its result is kept, or null
   */
  record Call(
      String layer,
      String name,
      String systemCall,
      List<Argument> arguments,
      OnError onError,
      @Nullable Slot result)
      implements Step {

    public Call {
      arguments = List.copyOf(arguments);
      if (arguments.size() > 6) {
        throw new IllegalArgumentException(systemCall + ": more than 6 arguments");
      }
    }

    @Override
    public String describe() {
      String line =
          "%-18s %-34s %s%s"
              .formatted(
                  layer,
                  name,
                  systemCall,
                  arguments.stream()
                      .map(Argument::describe)
                      .collect(Collectors.joining(", ", "(", ")")));
      return onError == OnError.GO_ON ? line + "  # may fail" : line;
    }
  }

  /** A place to go to. */
  record Mark(Label label) implements Step {
    @Override
    public String describe() {
      return label.name() + ":";
    }
  }

  /** Goes on elsewhere. */
  record Goto(Label target) implements Step {
    @Override
    public String describe() {
      return "  goto " + target.name();
    }
  }

  /** Goes on elsewhere if a slot holds zero. */
  record GotoIfZero(Slot slot, Label target) implements Step {
    @Override
    public String describe() {
      return "  if %s = 0 goto %s".formatted(slot.describe(), target.name());
    }
  }

  /** Goes on elsewhere if two slots hold the same. */
  record GotoIfEqual(Slot slot, Slot other, Label target) implements Step {
    @Override
    public String describe() {
      return "  if %s = %s goto %s".formatted(slot.describe(), other.describe(), target.name());
    }
  }

  /** Goes on elsewhere unless a slot holds an error. */
  record GotoUnlessFailed(Slot slot, Label target) implements Step {
    @Override
    public String describe() {
      return "  unless %s failed goto %s".formatted(slot.describe(), target.name());
    }
  }

  /** Goes on elsewhere if 32 bits in a structure are this number. */
  record GotoIfWord(Block block, int offset, int value, Label target) implements Step {
    @Override
    public String describe() {
      return "  if %s+%d = %d goto %s".formatted(block.describe(), offset, value, target.name());
    }
  }

  /** Adds a number to 32 bits in a structure. */
  record Add(int value, Block block, int offset) implements Step {
    @Override
    public String describe() {
      return "  add %d to %s+%d".formatted(value, block.describe(), offset);
    }
  }

  /** Takes the lower half of a slot from 32 bits in a structure. */
  record Deduct(Slot slot, Block block, int offset) implements Step {
    @Override
    public String describe() {
      return "  deduct %s from %s+%d".formatted(slot.describe(), block.describe(), offset);
    }
  }

  /** Takes one from a counter of 64 bits, and goes on elsewhere unless that leaves none. */
  record CountDown(Block counter, Label target) implements Step {
    @Override
    public String describe() {
      return "  count %s down, unless 0 goto %s".formatted(counter.describe(), target.name());
    }
  }

  /**
   * Where the plan goes on when a system call that had to succeed has failed, in place of telling
   * the host and ending. The number of the failed step and the error are written into a structure,
   * 32 bits each. What follows may not fail in its turn.
   */
  record Rescue(Block report, int offset) implements Step {
    @Override
    public String describe() {
      return "on failure, with step and error in %s+%d:".formatted(report.describe(), offset);
    }
  }

  /** Writes the lower half of a slot, such as a descriptor, into a structure. */
  record Put32(Slot slot, Block block, int offset) implements Step {
    @Override
    public String describe() {
      return "  put %s into %s+%d".formatted(slot.describe(), block.describe(), offset);
    }
  }

  /** What happens when a system call fails. */
  enum OnError {
    /** The failure is reported with the step and the error, and the launch ends. */
    FAIL,
    /** The launch goes on. */
    GO_ON
  }

  /** The name of a place in a plan. */
  record Label(String name) {}
}
