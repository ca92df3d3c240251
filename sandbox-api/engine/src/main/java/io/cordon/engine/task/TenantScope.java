package io.cordon.engine.task;

import io.cordon.engine.admission.Admission;
import io.cordon.engine.admission.Entrant;
import io.cordon.engine.admission.Refusal;
import io.cordon.engine.admission.Ticket;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.policy.Policy;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What every task of a tenant shares.
 *
 * @param inForce the policy at the moment: who reads it twice may see two
 * @param admission when its tasks may begin
 */
public record TenantScope(Supplier<Policy> inForce, Admission admission) {

  /** The policy in force now. */
  public Policy policy() {
    return inForce.get();
  }

  /** What all cells of the tenant are held to now. */
  public TenantLimits total() {
    return inForce.get().limits();
  }

  /** The tenant's name. */
  public String name() {
    return policy().tenant();
  }

  /** The same tenant, more strongly isolated. */
  public TenantScope atLeast(StrategyChoice floor) {
    return new TenantScope(() -> policy().atLeast(floor), admission);
  }

  /**
   * Waits with this thread until a task may begin. Then {@link Admission#leave} is called when it
   * has ended. An interrupt cancels the task.
   *
   * @return how it ended, if it may not, or was stopped before
   */
  public Optional<Outcome<?>> awaitAdmission(RunningTask task) {
    Doorway doorway = new Doorway();
    Ticket ticket = admission.enter(doorway);
    if (!task.await(doorway.told) && ticket.withdraw()) {
      return Optional.of(stoppedBefore(task));
    }
    Optional<Refusal> refusal = doorway.told.join();
    if (refusal.isPresent()) {
      return Optional.of(task.refused(refusal.get().code(), refusal.get().reason()));
    }
    if (task.stopped().isPresent()) { // just when its turn came
      admission.leave();
      return Optional.of(stoppedBefore(task));
    }
    return Optional.empty();
  }

  private static Outcome<?> stoppedBefore(RunningTask task) {
    return task.refused(ErrorCode.CLOSED, "it was stopped before it began");
  }

  /** Somebody stands and waits there. */
  private static final class Doorway implements Entrant {
    private final CompletableFuture<Optional<Refusal>> told = new CompletableFuture<>();

    @Override
    public void admitted() {
      told.complete(Optional.empty());
    }

    @Override
    public void refused(Refusal why) {
      told.complete(Optional.of(why));
    }
  }
}
