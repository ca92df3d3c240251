package io.cordon.engine.selection;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Isolation;
import java.util.List;

/** What {@link StrategySelector} says of a workload. */
public sealed interface Decision {

  /** What would isolate it, and why; or that nothing does. */
  Isolation isolation();

  /**
   * A strategy was chosen.
   *
   * @param isolation its name, and what its report promises
   */
  record Chosen(Isolation isolation) implements Decision {}

  /**
   * Nothing here may isolate it.
   *
   * @param code the stable name of the reason
   * @param reason what is missing, and what to do about it
   * @param reasons what was looked at on the way
   */
  record Refused(ErrorCode code, String reason, List<String> reasons) implements Decision {
    public Refused {
      reasons = List.copyOf(reasons);
    }

    @Override
    public Isolation isolation() {
      return Isolation.refused(reasons);
    }
  }
}
