package io.cordon.sandbox;

/** A task did not succeed. */
public final class OutcomeException extends SandboxException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome<?> outcome;

  /** Creates the exception for an outcome other than {@link Outcome.Succeeded}. */
  public OutcomeException(Outcome<?> outcome) {
    super(ErrorCode.TASK_NOT_SUCCEEDED, describe(outcome));
    this.outcome = outcome;
  }

  /** How the task ended. */
  public Outcome<?> outcome() {
    return outcome;
  }

  private static String describe(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Succeeded<?> s -> "succeeded";
      case Outcome.LimitExceeded<?> l ->
          "tenant %s exceeded %s: %s (evidence: %s)"
              .formatted(l.tenant(), l.limit().key(), measure(l.trip()), l.trip().evidence());
      case Outcome.Failed<?> f -> "the guest failed: " + f.message();
      case Outcome.Refused<?> r -> r.code().id() + ": " + r.reason();
      case Outcome.Crashed<?> c -> "the guest crashed: " + c.description();
      case Outcome.Cancelled<?> c -> "cancelled";
    };
  }

  private static String measure(Trip trip) {
    return switch (trip.limit()) {
      case PIDS, TENANT_PIDS ->
          "more than %d wanted, %d times".formatted(trip.allowed(), trip.observed());
      default -> "%d of %d %s".formatted(trip.observed(), trip.allowed(), trip.limit().unit());
    };
  }
}
