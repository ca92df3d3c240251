package io.cordon.process.plan;

import io.cordon.process.kernel.SocketFlag;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Step.Label;
import io.cordon.process.plan.Step.OnError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes a launch plan down, step by step. For one thread. */
public final class PlanBuilder {
  private final List<Step> steps = new ArrayList<>(256);
  private String layer = "launch";

  /** The layer that the next steps belong to. */
  public PlanBuilder layer(String name) {
    layer = name;
    return this;
  }

  /** A system call that must succeed. */
  public PlanBuilder call(String name, String systemCall, Argument... arguments) {
    steps.add(new Step.Call(layer, name, systemCall, List.of(arguments), OnError.FAIL, null));
    return this;
  }

  /** A system call that must succeed, and what it returned. */
  public Slot ask(String name, String systemCall, Argument... arguments) {
    Slot result = new Slot(steps.size());
    steps.add(new Step.Call(layer, name, systemCall, List.of(arguments), OnError.FAIL, result));
    return result;
  }

  /** A child with a copy of this memory, which goes on at a place; its pid. */
  public Slot fork(String name, Argument flags, Label child) {
    Argument none = Argument.number(0);
    Slot pid = ask(name, "clone", flags, none, none, none, none);
    goIfZero(pid, child);
    return pid;
  }

  /** A system call whose failure does not matter. */
  public PlanBuilder attempt(String name, String systemCall, Argument... arguments) {
    steps.add(new Step.Call(layer, name, systemCall, List.of(arguments), OnError.GO_ON, null));
    return this;
  }

  /** A system call whose failure does not matter, and what it returned: maybe an error. */
  public Slot tried(String name, String systemCall, Argument... arguments) {
    Slot result = new Slot(steps.size());
    steps.add(new Step.Call(layer, name, systemCall, List.of(arguments), OnError.GO_ON, result));
    return result;
  }

  /**
   * A system call that is made again until it succeeds, with a pause after each failure; after so
   * many failures it must succeed.
   */
  public Slot retry(
      int times, Duration pause, String name, String systemCall, Argument... arguments) {
    Label again = new Label("again-" + steps.size());
    Label done = new Label("done-" + steps.size());
    Block counter = Block.of(times + " times").u64(times).build();
    Block interval = // struct timespec, linux/time.h
        Block.of(pause.toNanos() + " ns").u64(pause.toSeconds()).u64(pause.toNanosPart()).build();
    mark(again);
    Slot result = tried(name, systemCall, arguments);
    goUnlessFailed(result, done);
    attempt("wait", "nanosleep", interval.address(), Argument.number(0));
    steps.add(new Step.CountDown(counter, again));
    steps.add(new Step.Call(layer, name, systemCall, List.of(arguments), OnError.FAIL, result));
    mark(done);
    return result;
  }

  /**
   * The rest is what to do when a system call that had to succeed has failed: the number of its
   * step and the error are in the structure, 32 bits each. The steps before must not run into it,
   * and of those that follow none may have to succeed.
   */
  public PlanBuilder rescue(Block report, int offset) {
    steps.add(new Step.Rescue(report, offset));
    return this;
  }

  /** Tells the host something, see {@link Report}. */
  public PlanBuilder report(String name, Block message) {
    return call(
        name,
        "sendto",
        Argument.number(LaunchPlan.CHANNEL),
        message.address(),
        Argument.number(message.size()),
        Argument.flags(SocketFlag.MSG_NOSIGNAL),
        Argument.number(0),
        Argument.number(0));
  }

  /** Names this place. */
  public PlanBuilder mark(Label label) {
    steps.add(new Step.Mark(label));
    return this;
  }

  /** Goes on at a place. */
  public PlanBuilder go(Label target) {
    steps.add(new Step.Goto(target));
    return this;
  }

  /** Goes on at a place if the slot holds zero. */
  public PlanBuilder goIfZero(Slot slot, Label target) {
    steps.add(new Step.GotoIfZero(slot, target));
    return this;
  }

  /** Goes on at a place if both slots hold the same. */
  public PlanBuilder goIfEqual(Slot slot, Slot other, Label target) {
    steps.add(new Step.GotoIfEqual(slot, other, target));
    return this;
  }

  /** Goes on at a place unless the slot holds an error. */
  public PlanBuilder goUnlessFailed(Slot slot, Label target) {
    steps.add(new Step.GotoUnlessFailed(slot, target));
    return this;
  }

  /** Goes on at a place if 32 bits in a structure are this number. */
  public PlanBuilder goIfWord(Block block, int offset, int value, Label target) {
    steps.add(new Step.GotoIfWord(block, offset, value, target));
    return this;
  }

  /** Adds a number to 32 bits in a structure. */
  public PlanBuilder add(int value, Block block, int offset) {
    steps.add(new Step.Add(value, block, offset));
    return this;
  }

  /** Takes the lower half of a slot from 32 bits in a structure. */
  public PlanBuilder deduct(Slot slot, Block block, int offset) {
    steps.add(new Step.Deduct(slot, block, offset));
    return this;
  }

  /** Writes the lower half of a slot into a structure. */
  public PlanBuilder put32(Slot slot, Block block, int offset) {
    steps.add(new Step.Put32(slot, block, offset));
    return this;
  }

  /** The plan. */
  public LaunchPlan build() {
    return new LaunchPlan(steps);
  }
}
