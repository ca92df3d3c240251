package io.cordon.samples.cli;

import io.cordon.policy.PolicyException;
import io.cordon.sandbox.SandboxException;
import java.util.Locale;

/**
 * Why there is no outcome to tell of.
 *
 * @param outcome the word that stands in an outcome's place
 * @param code a stable name of the reason
 * @param reason what was refused, why, and what to do about it
 * @param status the exit status
 */
record Failure(String outcome, String code, String reason, ExitStatus status) {

  /** The command line is wrong. */
  static Failure usage(String reason) {
    return new Failure("usage-error", "usage", reason, ExitStatus.USAGE);
  }

  /** What an exception says. */
  static Failure of(Exception exception) {
    return switch (exception) {
      case PolicyException e -> {
        String code = e.problems().getFirst().code().name();
        yield new Failure("refused", id(code), String.valueOf(e.getMessage()), ExitStatus.REFUSED);
      }
      case SandboxException e ->
          new Failure("refused", e.code().id(), e.reason(), ExitStatus.REFUSED);
      default -> new Failure("error", "internal", exception.toString(), ExitStatus.INTERNAL);
    };
  }

  private static String id(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
