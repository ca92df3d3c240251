package io.cordon.policy;

import io.cordon.policy.IsolationPolicy.StrategyOverride;
import io.cordon.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The list of {@code isolation.overrides}.
 *
 * @param item the mapping that each override is
 * @param kind the key in it that says which workloads the override is for
 * @param strategy the key in it that says their strategy
 */
record Overrides(Section item, Key<WorkloadKind> kind, Key<StrategyChoice> strategy)
    implements Syntax<List<StrategyOverride>> {
  static final int MOST = 16;

  @Override
  public Optional<List<StrategyOverride>> read(String path, YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      return Syntax.wrongType(path, node, "a list of overrides", problems);
    }
    if (sequence.items().size() > MOST) {
      problems.add(node.at(), Code.TOO_LARGE, path + " has more than " + MOST + " items");
      return Optional.empty();
    }
    List<StrategyOverride> overrides = new ArrayList<>();
    Map<WorkloadKind, Position> decided = new EnumMap<>(WorkloadKind.class);
    for (YamlNode each : sequence.items()) {
      Settings settings = SettingsReader.read(item, each, "", problems);
      Optional<WorkloadKind> kindOf = settings.value(kind);
      Optional<StrategyChoice> strategyOf = settings.value(strategy);
      if (kindOf.isEmpty() || strategyOf.isEmpty()) {
        continue;
      }
      // The first that matches decides, so this one would silently never apply.
      Position first = decided.putIfAbsent(kindOf.get(), each.at());
      if (first != null) {
        String message = " never applies: line " + first.line() + " decides for ";
        problems.add(
            each.at(), Code.BAD_VALUE, "this override" + message + kindOf.get().key() + " already");
      }
      overrides.add(new StrategyOverride(kindOf.get(), strategyOf.get()));
    }
    return Optional.of(List.copyOf(overrides));
  }

  @Override
  public String write(List<StrategyOverride> overrides) {
    return overrides.stream()
        .map(
            each ->
                "{when: {kind: "
                    + each.kind().key()
                    + "}, strategy: "
                    + each.strategy().key()
                    + "}")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
