package io.cordon.samples.cli;

import io.cordon.policy.Limit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Trip;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lets the guest's streams pass, and adds a line to the standard error unless all went well. */
record TextReporter(Stdio stdio) implements Reporter {

  @Override
  public OutputStream stdout() {
    return stdio.out();
  }

  @Override
  public OutputStream stderr() {
    return stdio.err();
  }

  @Override
  public void progress(String message) {
    if (stdio.watched()) {
      say(message);
    }
  }

  @Override
  public void note(String message) {
    say(message);
  }

  @Override
  public void ended(Outcome<?> outcome) throws IOException {
    switch (outcome) {
      case Outcome.Succeeded<?> s -> {
        if (s.value() instanceof String value) { // a script's; a program wrote its own
          stdio.println(value);
        }
        if (!s.report().trips().isEmpty()) {
          say("succeeded, but was denied " + trips(outcome));
        }
      }
      case Outcome.LimitExceeded<?> l -> {
        say("tenant " + l.tenant() + " exceeded " + describe(l.trip()));
        trace(l.guestTrace());
      }
      case Outcome.Failed<?> f -> {
        String denied = f.report().trips().isEmpty() ? "" : "; was denied " + trips(outcome);
        say("failed: " + f.message() + denied);
        trace(f.guestTrace());
      }
      case Outcome.Refused<?> r -> failed(r.code().id(), r.reason());
      case Outcome.Crashed<?> c -> say("crashed by signal " + c.signal() + ": " + c.description());
      case Outcome.Cancelled<?> c -> say("cancelled");
    }
  }

  @Override
  public void failed(Failure failure) {
    switch (failure.status()) {
      case USAGE -> say(failure.reason());
      default -> failed(failure.code(), failure.reason());
    }
  }

  private void failed(String code, String reason) {
    reason.lines().forEach(line -> say(code + ": " + line));
  }

  private void trace(String guestTrace) {
    guestTrace.lines().limit(20).forEach(this::say);
  }

  private static String trips(Outcome<?> outcome) {
    return outcome.report().trips().stream()
        .map(TextReporter::describe)
        .collect(Collectors.joining(", "));
  }

  private static String describe(Trip trip) {
    return "%s: %s (evidence: %s)"
        .formatted(
            trip.limit().key(), measure(trip), trip.evidence().name().toLowerCase(Locale.ROOT));
  }

  private static String measure(Trip trip) {
    Limit.Unit unit = trip.limit().unit();
    String allowed = Quantities.text(trip.allowed(), unit);
    return switch (trip.limit()) {
      case PIDS, TENANT_PIDS -> "more than %s wanted, %d times".formatted(allowed, trip.observed());
      default -> "%s of %s".formatted(Quantities.text(trip.observed(), unit), allowed);
    };
  }

  private void say(String text) {
    stdio.err().println("cordon: " + Printable.line(text));
  }
}
