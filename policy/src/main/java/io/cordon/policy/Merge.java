package io.cordon.policy;

import io.cordon.policy.IsolationPolicy.StrategyOverride;
import io.cordon.policy.SandboxLimits.Io;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.policy.Settings.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The three files that decide about a tenant, taken together: its own, what the defaults fill in,
 * and what the ceiling takes away.
 */
record Merge(Settings tenant, Settings defaults, Settings ceiling) {

  /**
   * The value of a key.
   *
   * @param value the value; nothing means no limit
   */
  private record Effective<T>(Key<T> key, Optional<T> value, Origin origin) {
    PolicyExplanation.Value explained() {
      return new PolicyExplanation.Value(key.path(), key.write(value), origin);
    }
  }

  /** The effective policy, and the origin of each of its values. */
  PolicyExplanation explain(String name) {
    List<PolicyExplanation.Value> values =
        PolicyFormat.keys().stream()
            .map(key -> key.equals(PolicyFormat.OVERRIDES) ? overrides() : effective(key))
            .map(Effective::explained)
            .toList();
    return new PolicyExplanation(policy(name), values);
  }

  private Policy policy(String name) {
    return new Policy(
        name,
        new IsolationPolicy(
            value(PolicyFormat.STRATEGY),
            value(PolicyFormat.REQUIRE),
            overrides().value().orElseThrow(),
            value(PolicyFormat.EMULATION)),
        new TenantLimits(
            admission(),
            amount(PolicyFormat.TENANT_CPU),
            amount(PolicyFormat.TENANT_MEMORY),
            count(PolicyFormat.TENANT_PIDS)),
        new SandboxLimits(
            value(PolicyFormat.CPU_MAX),
            value(PolicyFormat.MEMORY_MAX),
            Math.toIntExact(value(PolicyFormat.PIDS_MAX)),
            new SandboxLimits.Disk(value(PolicyFormat.DISK_BYTES), value(PolicyFormat.DISK_INODES)),
            tuning()),
        new TaskLimits(
            Duration.ofNanos(value(PolicyFormat.WALL_MAX)),
            effective(PolicyFormat.CPU_TIME).value().map(Duration::ofNanos),
            value(PolicyFormat.OUTPUT_MAX),
            Duration.ofNanos(value(PolicyFormat.START_MAX)),
            value(PolicyFormat.ON_DENY)),
        new ScriptLimits(amount(PolicyFormat.STATEMENTS), count(PolicyFormat.STACK_DEPTH)),
        value(PolicyFormat.ENVIRONMENT));
  }

  private AdmissionLimits admission() {
    return new AdmissionLimits(
        count(PolicyFormat.TASKS_CONCURRENT),
        effective(PolicyFormat.TASKS_RATE).value(),
        effective(PolicyFormat.CPU_BUDGET).value(),
        new AdmissionLimits.Queue(
            Math.toIntExact(value(PolicyFormat.QUEUE_MAX)),
            Duration.ofNanos(value(PolicyFormat.QUEUE_WAIT))));
  }

  private Tuning tuning() {
    return new Tuning(
        Math.toIntExact(value(PolicyFormat.CPU_WEIGHT)),
        effective(PolicyFormat.CPUS).value(),
        effective(PolicyFormat.MEMS).value(),
        amount(PolicyFormat.MEMORY_HIGH),
        value(PolicyFormat.MEMORY_SWAP_MAX),
        new Io(
            amount(PolicyFormat.IO_READ_BYTES),
            amount(PolicyFormat.IO_WRITE_BYTES),
            amount(PolicyFormat.IO_READS),
            amount(PolicyFormat.IO_WRITES)),
        Math.toIntExact(value(PolicyFormat.IO_WEIGHT)),
        Math.toIntExact(value(PolicyFormat.FILES_MAX)));
  }

  private OptionalLong amount(Key<Long> key) {
    Optional<Long> value = effective(key).value();
    return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
  }

  private OptionalInt count(Key<Long> key) {
    OptionalLong value = amount(key);
    return value.isPresent()
        ? OptionalInt.of(Math.toIntExact(value.getAsLong()))
        : OptionalInt.empty();
  }

  private <T> T value(Key<T> key) {
    return effective(key).value().orElseThrow();
  }

  private <T> Effective<T> effective(Key<T> key) {
    Effective<T> asked = asked(key);
    return ceiling
        .get(key)
        .map(
            cap -> {
              T value =
                  asked
                      .value()
                      .map(it -> key.ceiling().join().apply(it, cap.value()))
                      .orElse(cap.value());
              return changed(asked, value, cap.place());
            })
        .orElse(asked);
  }

  private <T> Effective<T> asked(Key<T> key) {
    return tenant
        .get(key)
        .or(() -> defaults.get(key))
        .map(it -> new Effective<>(key, Optional.of(it.value()), new Origin.Written(it.place())))
        .orElseGet(() -> new Effective<>(key, key.builtIn(), new Origin.BuiltIn()));
  }

  private static <T> Effective<T> changed(Effective<T> asked, T value, Place ceiling) {
    if (asked.value().equals(Optional.of(value))) {
      return asked;
    }
    Key<T> key = asked.key();
    Origin origin = key.ceiling().origin().of(ceiling, asked.origin(), key.write(asked.value()));
    return new Effective<>(key, Optional.of(value), origin);
  }

  /**
   * The overrides that give each kind of workload the strategy that the tenant asked for, cut by
   * the strategy that the ceiling has for that same kind.
   */
  private Effective<List<StrategyOverride>> overrides() {
    Effective<List<StrategyOverride>> asked = asked(PolicyFormat.OVERRIDES);
    IsolationPolicy wanted = isolation(asked(PolicyFormat.STRATEGY).value(), asked.value());
    IsolationPolicy cap =
        isolation(ceiling.value(PolicyFormat.STRATEGY), ceiling.value(PolicyFormat.OVERRIDES));
    StrategyChoice otherwise = value(PolicyFormat.STRATEGY);

    List<StrategyOverride> result = new ArrayList<>();
    for (WorkloadKind kind : kinds(wanted, cap)) {
      StrategyChoice strategy =
          PolicyFormat.stricter(wanted.strategyFor(kind), cap.strategyFor(kind));
      if (names(wanted, kind) || strategy != otherwise) {
        result.add(new StrategyOverride(kind, strategy));
      }
    }
    return demandOfVm().map(place -> changed(asked, List.copyOf(result), place)).orElse(asked);
  }

  /** Where the ceiling demands a micro-VM, for some kinds of workload or for all. */
  private Optional<Place> demandOfVm() {
    return ceiling
        .get(PolicyFormat.OVERRIDES)
        .filter(it -> it.value().stream().anyMatch(each -> each.strategy() == StrategyChoice.VM))
        .<Place>map(Setting::place)
        .or(() -> ceiling.get(PolicyFormat.STRATEGY).map(Setting::place));
  }

  private static IsolationPolicy isolation(
      Optional<StrategyChoice> strategy, Optional<List<StrategyOverride>> overrides) {
    return new IsolationPolicy(
        strategy.orElse(StrategyChoice.AUTO), Set.of(), overrides.orElse(List.of()));
  }

  private static Set<WorkloadKind> kinds(IsolationPolicy wanted, IsolationPolicy cap) {
    Set<WorkloadKind> kinds = new LinkedHashSet<>();
    Stream.concat(wanted.overrides().stream(), cap.overrides().stream())
        .map(StrategyOverride::kind)
        .forEach(kinds::add);
    return kinds;
  }

  private static boolean names(IsolationPolicy policy, WorkloadKind kind) {
    return policy.overrides().stream().anyMatch(override -> override.kind() == kind);
  }
}
