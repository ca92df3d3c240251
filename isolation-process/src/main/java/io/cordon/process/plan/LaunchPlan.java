package io.cordon.process.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is done to launch a cell: steps, each one system call or a branch. It is data: it can be
 * printed, compared, and compiled to a program. Immutable.
 */
public final class LaunchPlan {

  /** The descriptor on which a running plan tells the host how it goes: see {@link Report}. */
  public static final int CHANNEL = 3;

  private final List<Step> steps;

  LaunchPlan(List<Step> steps) {
    this.steps = List.copyOf(steps);
    mustNotFailAfterRescue();
  }

  /** A failure there would lead back there, for ever. */
  private void mustNotFailAfterRescue() {
    List<Step> last =
        steps.stream().dropWhile(step -> !(step instanceof Step.Rescue)).skip(1).toList();
    for (Step step : last) {
      if (step instanceof Step.Rescue) {
        throw new IllegalArgumentException("two rescues");
      }
      if (step instanceof Step.Call call && call.onError() == Step.OnError.FAIL) {
        throw new IllegalArgumentException("may fail within a rescue: " + call.name());
      }
    }
  }

  /** The steps; a step's index is the number that a failure is reported with. */
  public List<Step> steps() {
    return steps;
  }

  /** The system call that failed, by the step that a running plan reported. */
  public Step.Call call(int index) {
    return find(index)
        .orElseThrow(() -> new IllegalArgumentException("no system call at step " + index));
  }

  /** The same for an index that comes from where it may be anything. */
  public Optional<Step.Call> find(int index) {
    return index >= 0 && index < steps.size() && steps.get(index) instanceof Step.Call call
        ? Optional.of(call)
        : Optional.empty();
  }

  /** One line for each step. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      lines.add("%4d  %s".formatted(i, steps.get(i).describe()));
    }
    return lines;
  }
}
