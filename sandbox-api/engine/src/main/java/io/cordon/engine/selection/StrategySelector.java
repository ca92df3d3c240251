package io.cordon.engine.selection;

import io.cordon.policy.Emulation;
import io.cordon.policy.Policy;
import io.cordon.policy.Protection;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.LimitLayer;
import io.cordon.worker.wire.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Chooses what isolates a workload: a pure function of what it is, its tenant's policy, and what
 * the registered strategies report of this host. Fails closed: what the policy requires and a
 * strategy lacks is never done without.
 */
public final class StrategySelector {
  /** What {@code auto} tries, the cheapest first. Any other name is only ever chosen by name. */
  private static final List<StrategyChoice> CHEAPEST_FIRST =
      List.of(StrategyChoice.PROCESS, StrategyChoice.VM);

  /** The same for what does more than plain Java. */
  private static final List<StrategyChoice> STRONGEST_FIRST = CHEAPEST_FIRST.reversed();

  private StrategySelector() {}

  /**
   * Chooses a strategy, or says why there is none, when nothing more is known of the workload.
   *
   * @param registered what a strategy reports, if there is such a one: none is asked that need not
   *     be, for the first report of each takes a while
   */
  public static Decision select(
      WorkloadKind kind,
      Policy policy,
      Function<StrategyChoice, Optional<StrategyReport>> registered) {
    return select(kind, Set.of(), policy, registered);
  }

  /**
   * Chooses a strategy, or says why there is none.
   *
   * @param traits what the workload is known to use; they may raise what {@code auto} chooses, and
   *     never lower it
   * @param registered what a strategy reports, if there is such a one
   */
  public static Decision select(
      WorkloadKind kind,
      Set<Trait> traits,
      Policy policy,
      Function<StrategyChoice, Optional<StrategyReport>> registered) {
    StrategyChoice wish = policy.isolation().strategyFor(kind);
    return switch (wish) {
      case AUTO ->
          traits.isEmpty()
              ? first(
                  CHEAPEST_FIRST,
                  "is the cheapest that provides what the policy requires",
                  policy,
                  registered)
              : first(
                  STRONGEST_FIRST,
                  "is the strongest here, for it uses " + words(traits),
                  policy,
                  registered);
      case PROCESS, VM -> named(wish, kind, policy, registered);
    };
  }

  /** Whether to know a workload's traits could change what is chosen. */
  public static boolean dependsOnTraits(
      WorkloadKind kind,
      Policy policy,
      Function<StrategyChoice, Optional<StrategyReport>> registered) {
    Set<Trait> every = EnumSet.allOf(Trait.class);
    return !select(kind, every, policy, registered)
        .isolation()
        .strategy()
        .equals(select(kind, policy, registered).isolation().strategy());
  }

  private static String words(Set<Trait> traits) {
    return traits.stream().sorted().map(Trait::words).collect(Collectors.joining(", "));
  }

  private static Decision named(
      StrategyChoice wish,
      WorkloadKind kind,
      Policy policy,
      Function<StrategyChoice, Optional<StrategyReport>> registered) {
    String why = "a " + kind.key() + " of this tenant is to be isolated by " + wish.key();
    Optional<StrategyReport> report = registered.apply(wish);
    if (report.isEmpty()) {
      return missing(List.of(wish), List.of(why));
    }
    return refusal(report.get(), policy, List.of(why))
        .<Decision>map(refused -> refused)
        .orElseGet(() -> chosen(report.get(), policy, List.of(why)));
  }

  private static Decision first(
      List<StrategyChoice> order,
      String because,
      Policy policy,
      Function<StrategyChoice, Optional<StrategyReport>> registered) {
    List<String> reasons = new ArrayList<>();
    Optional<Decision.Refused> first = Optional.empty();
    for (StrategyChoice choice : order) {
      Optional<StrategyReport> report = registered.apply(choice);
      if (report.isEmpty()) {
        reasons.add(choice.key() + ": not on the class path");
        continue;
      }
      Optional<Decision.Refused> refused = refusal(report.get(), policy, reasons);
      if (refused.isEmpty()) {
        reasons.add(choice.key() + " " + because);
        return chosen(report.get(), policy, reasons);
      }
      reasons.add(choice.key() + ": " + refused.get().reason());
      first = first.isPresent() ? first : refused;
    }
    return first
        .<Decision>map(refused -> new Decision.Refused(refused.code(), refused.reason(), reasons))
        .orElseGet(() -> missing(order, reasons));
  }

  private static Decision.Refused missing(List<StrategyChoice> wanted, List<String> reasons) {
    String modules =
        String.join(
            " or ", wanted.stream().map(choice -> "io.cordon:isolation-" + choice.key()).toList());
    String names = String.join(" or ", wanted.stream().map(StrategyChoice::key).toList());
    return refused(
        ErrorCode.STRATEGY_MISSING,
        "the strategy %s is not on the class path: add %s".formatted(names, modules),
        reasons);
  }

  private static Optional<Decision.Refused> refusal(
      StrategyReport report, Policy policy, List<String> reasons) {
    if (!report.usable()) {
      return Optional.of(
          refused(
              ErrorCode.STRATEGY_UNUSABLE,
              "the strategy %s can't isolate anything on this host%s"
                  .formatted(report.name(), firstMissing(report)),
              reasons));
    }
    Optional<Decision.Refused> emulated = emulated(report, policy, reasons);
    if (emulated.isPresent()) {
      return emulated;
    }
    for (Protection protection : Protection.values()) {
      if (policy.isolation().require().contains(protection)) {
        Optional<String> lack = lack(report, protection, policy);
        if (lack.isPresent()) {
          return Optional.of(refused(ErrorCode.LAYER_MISSING, lack.get(), reasons));
        }
      }
    }
    return Optional.empty();
  }

  /** A micro-VM that would have to be emulated, for a policy that does not permit it. */
  private static Optional<Decision.Refused> emulated(
      StrategyReport report, Policy policy, List<String> reasons) {
    if (policy.isolation().emulation() == Emulation.ALLOW) {
      return Optional.empty();
    }
    return report.layers().stream()
        .filter(layer -> layer.name().equals(Layer.HARDWARE_VIRTUALIZATION))
        .filter(layer -> layer.state() != Layer.State.IN_FORCE)
        .findFirst()
        .map(
            layer ->
                refused(
                    ErrorCode.STRATEGY_UNUSABLE,
                    "the strategy %s lacks %s, and the policy does not permit emulation:"
                            .formatted(report.name(), describe(layer))
                        + " isolation.vm.emulation is refuse",
                    reasons));
  }

  /** The reason itself is the last of what is told of the way to it. */
  private static Decision.Refused refused(ErrorCode code, String reason, List<String> before) {
    List<String> reasons = new ArrayList<>(before);
    reasons.add(reason);
    return new Decision.Refused(code, reason, reasons);
  }

  /** What of a protection is not in force; a protection without any layer is not there at all. */
  private static Optional<String> lack(
      StrategyReport report, Protection protection, Policy policy) {
    List<Layer> layers =
        concerning(report, policy.sandbox()).stream()
            .filter(layer -> layer.protection().equals(Optional.of(protection)))
            .toList();
    String requirement =
        "the policy requires %s, and the strategy %s".formatted(protection.key(), report.name());
    if (layers.isEmpty()) {
      return Optional.of(requirement + " has no such layer");
    }
    return layers.stream()
        .filter(layer -> layer.state() != Layer.State.IN_FORCE)
        .findFirst()
        .map(layer -> requirement + " " + verb(layer) + " " + describe(layer));
  }

  /** The layers that matter; one for a limit, of which the strategy does not speak, is missing. */
  private static List<Layer> concerning(StrategyReport report, SandboxLimits limits) {
    List<Layer> layers = new ArrayList<>();
    Set<LimitLayer> silent = EnumSet.allOf(LimitLayer.class);
    silent.remove(LimitLayer.SWAP); // who does not speak of it need not swap anything out
    for (Layer layer : report.layers()) {
      Optional<LimitLayer> limit = LimitLayer.of(layer.name());
      limit.ifPresent(silent::remove);
      if (limit.map(each -> each.usedBy(limits)).orElse(true)) {
        layers.add(layer);
      }
    }
    for (LimitLayer limit : silent) {
      if (limit.usedBy(limits)) {
        layers.add(
            new Layer(
                limit.layer(),
                Optional.of(Protection.CGROUP),
                Layer.State.MISSING,
                "the strategy has none",
                ""));
      }
    }
    return layers;
  }

  private static String verb(Layer layer) {
    return switch (layer.state()) {
      case IN_FORCE -> "has";
      case ADVISORY -> "only watches";
      case MISSING -> "lacks";
    };
  }

  private static String firstMissing(StrategyReport report) {
    return report.layers().stream()
        .filter(layer -> layer.state() == Layer.State.MISSING)
        .filter(layer -> LimitLayer.of(layer.name()).isEmpty()) // without these it could be used
        .findFirst()
        .map(layer -> ": it lacks " + describe(layer))
        .orElse("");
  }

  private static String describe(Layer layer) {
    String detail = layer.detail().isEmpty() ? "" : " (" + layer.detail() + ")";
    String remedy = layer.remedy().isEmpty() ? "" : "; what adds it: " + layer.remedy();
    return layer.name() + detail + remedy;
  }

  private static Decision.Chosen chosen(
      StrategyReport report, Policy policy, List<String> because) {
    List<String> reasons = new ArrayList<>(because);
    for (Protection protection : Protection.values()) {
      if (policy.isolation().require().contains(protection)) {
        reasons.add("the policy requires " + protection.key() + ", and it is in force");
      }
    }
    for (Layer layer : concerning(report, policy.sandbox())) {
      switch (layer.state()) {
        case IN_FORCE -> {}
        case ADVISORY -> reasons.add("advisory only, the policy accepts that: " + describe(layer));
        case MISSING -> reasons.add("missing, the policy accepts that: " + describe(layer));
      }
    }
    return new Decision.Chosen(
        new Isolation(report.name(), report.tier(), reasons, report.layers()));
  }
}
