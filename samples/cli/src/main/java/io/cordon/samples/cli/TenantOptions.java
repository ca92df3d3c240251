package io.cordon.samples.cli;

import io.cordon.policy.StrategyChoice;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say whose code it is, and how it is isolated. */
@SuppressWarnings("NullAway.Init") // picocli sets what is required
final class TenantOptions {
  @Option(
      names = "--policies",
      paramLabel = "DIR",
      required = true,
      description = "The directory with one policy file per tenant.")
  Path policies;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      required = true,
      description = "Whose code it is: DIR/T.yaml is the policy.")
  String tenant;

  @Option(
      names = "--strategy",
      paramLabel = "S",
      completionCandidates = Strategies.class,
      converter = StrategyConverter.class,
      description =
          "Ask for an isolation at least as strong as the policy's own: ${COMPLETION-CANDIDATES}.")
  @Nullable StrategyChoice strategy;

  /** Opens the sandboxes of the directory. */
  Sandboxes open(Reporter reporter) {
    return Sandboxes.builder(policies).progress(reporter::progress).open();
  }

  /** The tenant, held to the strategy that was asked for. */
  Tenant tenant(Sandboxes sandboxes) {
    Tenant named = sandboxes.tenant(tenant);
    return strategy == null ? named : named.atLeast(strategy);
  }

  /** The words that {@code --strategy} takes. */
  static final class Strategies implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(StrategyChoice.values()).map(StrategyChoice::key).iterator();
    }
  }

  /** Reads a strategy by its word in a policy file. */
  static final class StrategyConverter implements ITypeConverter<StrategyChoice> {
    @Override
    public StrategyChoice convert(String word) {
      for (StrategyChoice choice : StrategyChoice.values()) {
        if (choice.key().equals(word)) {
          return choice;
        }
      }
      throw new TypeConversionException(
          "'" + word + "' is not one of " + String.join(", ", new Strategies()));
    }
  }
}
