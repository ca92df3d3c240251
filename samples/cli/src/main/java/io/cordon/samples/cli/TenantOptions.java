package io.cordon.samples.cli;

import io.cordon.policy.StrategyChoice;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say whose code it is, and how it is isolated. */
@SuppressWarnings("NullAway.Init") // picocli sets what is required
final class TenantOptions {
  private static final String TRIAL = "trial";

  /** Nobody's code in particular: the built-in limits, and whatever isolation this host can do. */
  private static final String TRIAL_POLICY =
      "tenant: " + TRIAL + "\nisolation: { vm: { emulation: allow } }\n";

  @ArgGroup(exclusive = false, multiplicity = "0..1")
  private @Nullable Owner owner;

  /** Whose code it is. */
  static final class Owner {
    @Option(
        names = "--policies",
        paramLabel = "DIR",
        required = true,
        description =
            "The directory with one policy file per tenant. Without it the built-in limits hold.")
    Path policies;

    @Option(
        names = "--tenant",
        paramLabel = "T",
        required = true,
        description = "Whose code it is: DIR/T.yaml is the policy.")
    String tenant;
  }

  @Option(
      names = "--strategy",
      paramLabel = "S",
      completionCandidates = Strategies.class,
      converter = StrategyConverter.class,
      description =
          "Ask for an isolation at least as strong as the policy's own: ${COMPLETION-CANDIDATES}.")
  @Nullable StrategyChoice strategy;

  /** What is done with the sandboxes of the directory. */
  interface Work<T> {
    T of(Tenant tenant) throws IOException, InterruptedException;
  }

  /** Opens the sandboxes, and does something with those of the tenant. */
  <T> T open(Reporter reporter, Work<T> work) throws IOException, InterruptedException {
    if (owner != null) {
      return open(owner.policies, owner.tenant, reporter, work);
    }
    Path policies = Files.createTempDirectory("cordon-trial");
    Path policy = Files.writeString(policies.resolve(TRIAL + ".yaml"), TRIAL_POLICY);
    try {
      return open(policies, TRIAL, reporter, work);
    } finally {
      Files.delete(policy);
      Files.delete(policies);
    }
  }

  private <T> T open(Path policies, String tenant, Reporter reporter, Work<T> work)
      throws IOException, InterruptedException {
    try (Sandboxes sandboxes = Sandboxes.builder(policies).progress(reporter::progress).open()) {
      Tenant named = sandboxes.tenant(tenant);
      return work.of(strategy == null ? named : named.atLeast(strategy));
    }
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
