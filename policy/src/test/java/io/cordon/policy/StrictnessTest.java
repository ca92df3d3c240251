package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not understood is refused, at its place and with what to do about it. */
class StrictnessTest {
  private PolicyFiles files;

  @BeforeEach
  void directory(@TempDir Path directory) {
    files = new PolicyFiles(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sandbox: { memroy.max: 1Gi } | 'memroy.max' is not a key of sandbox: did you mean memory.max?",
        "sandbox: { memory: 1Gi } | 'memory' is not a key of sandbox: did you mean memory.max?",
        "sandbox: { Pids.Max: 1 } | 'Pids.Max' is not a key of sandbox: did you mean pids.max?",
        "sandboxes: {} | 'sandboxes' is not a key of a policy: did you mean sandbox?",
        "task: { memory.max: 1Gi } | 'memory.max' is not a key of task: it belongs under limits or sandbox",
        "memory.max: 1Gi | 'memory.max' is not a key of a policy: it belongs under limits or sandbox",
        "sandbox: { disk.max: { byte: 1Gi } } | 'byte' is not a key of sandbox.disk.max: did you mean bytes?",
        "sandbox: { cpu.weigth: 100 } | 'cpu.weigth' is not a key of sandbox: did you mean cpu.weight?",
        "network: { egres: [] } | 'egres' is not a key of network: did you mean egress, which is not supported yet?",
        "task: { zzz: 1 } | 'zzz' is not a key of task: valid here: wall.max, cpu.time, output.max, start.max, onDeny",
        "isolation: { overrides: [ { when: { kinds: script, kind: script }, strategy: vm } ] } | 'kinds' is not a key of isolation.overrides.when: did you mean kind?",
      })
  void anUnknownKeyIsNamedWithTheNearest(String yaml, String message) {
    files.acme(yaml);
    assertThat(files.messages()).singleElement().asString().contains("UNKNOWN_KEY: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"network.egress", "network.bandwidth"})
  void whatIsNotEnforcedYetIsRefusedByName(String path) {
    String section = path.substring(0, path.indexOf('.'));
    files.acme(section + ":\n  " + path.substring(section.length() + 1) + ": 0\n");
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:3:3: NOT_SUPPORTED_YET: "
                + path
                + " is not supported yet: nothing would enforce it, so remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"network:", "network: {}", "network: none", "network: [1]"})
  void aSectionThatIsNotSupportedYetIsRefusedWhateverItHolds(String yaml) {
    files.acme(yaml);
    assertThat(files.messages())
        .singleElement()
        .asString()
        .startsWith("acme.yaml:2:1: NOT_SUPPORTED_YET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sandbox: | sandbox must be a mapping of keys, not nothing",
        "sandbox: [] | sandbox must be a mapping of keys, not a list",
        "sandbox: 5 | sandbox must be a mapping of keys, not the number '5'",
        "sandbox: { memory.max: } | sandbox.memory.max must be an amount such as 256Mi, not nothing",
        "sandbox: { memory.max: [1Gi] } | sandbox.memory.max must be an amount such as 256Mi, not a list",
        "sandbox: { disk.max: 64Mi } | sandbox.disk.max must be a mapping of keys, not the word '64Mi'",
        "isolation: { strategy: [vm] } | isolation.strategy must be one of auto, process, vm, not a list",
        "isolation: { strategy: true } | isolation.strategy must be one of auto, process, vm, not the boolean 'true'",
        "isolation: { require: seccomp } | isolation.require must be a list, not the word 'seccomp'",
        "isolation: { require: [ 1 ] } | isolation.require must be one of namespaces, seccomp, landlock, cgroup, not the number '1'",
        "isolation: { overrides: {} } | isolation.overrides must be a list of overrides, not a mapping",
        "isolation: { overrides: [ vm ] } | isolation.overrides must be a mapping of keys, not the word 'vm'",
        "environment: LANG | environment must be a list, not the word 'LANG'",
        "environment: [ null ] | environment must be the name of an environment variable, not nothing",
        "environment: [ 1.5 ] | environment must be the name of an environment variable, not the number '1.5'",
        "[a]: b | a key must be a word, not a list",
        "{a: b}: c | a key must be a word, not a mapping",
      })
  void aValueOfTheWrongTypeIsRefused(String yaml, String message) {
    files.acme(yaml);
    assertThat(files.messages()).singleElement().asString().endsWith("WRONG_TYPE: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "isolation: { strategy: VM } | isolation.strategy can't be 'VM': did you mean vm?",
        "isolation: { strategy: proces } | isolation.strategy can't be 'proces': did you mean process?",
        "isolation: { strategy: container } | isolation.strategy can't be 'container': it is one of auto, process, vm",
        "isolation: { require: [ seccomp, seccomp ] } | isolation.require has seccomp twice",
        "environment: [ LANG, LANG ] | environment has LANG twice",
        "environment: [ 'A=B' ] | environment: 'A=B' is not the name of an environment variable",
        "environment: [ '' ] | environment: '' is not the name of an environment variable",
        "task: { onDeny: stop } | task.onDeny can't be 'stop': it is one of continue, kill",
      })
  void aValueThatIsNoneOfTheValidOnesIsRefused(String yaml, String message) {
    files.acme(yaml);
    assertThat(files.messages()).singleElement().asString().endsWith("BAD_VALUE: " + message);
  }

  @Test
  void anOverrideThatCanNeverApplyIsRefused() {
    files.acme(
        """
        isolation:
          overrides:
            - { when: { kind: script }, strategy: process }
            - { when: { kind: plugin }, strategy: vm }
            - { when: { kind: script }, strategy: vm }
        """);
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:6:7: BAD_VALUE: this override never applies: line 4 decides for script"
                + " already");
  }

  @Test
  void anOverrideNeedsItsConditionAndItsStrategy() {
    files.acme(
        """
        isolation:
          overrides:
            - {}
            - when: {}
              strategy: vm
        """);
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:4:7: MISSING_KEY: the key when is missing",
            "acme.yaml:4:7: MISSING_KEY: the key strategy is missing",
            "acme.yaml:5:13: MISSING_KEY: the key kind is missing");
  }

  @Test
  void theTenantMustBeNamedInItsOwnFileAndNowhereElse() {
    files.with("acme.yaml", "task: {}\n").with("ceiling.yaml", "tenant: acme\n");
    assertThat(files.messages())
        .satisfiesExactly(
            missing ->
                assertThat(missing)
                    .isEqualTo("acme.yaml:1:1: MISSING_KEY: the key tenant is missing"),
            misplaced ->
                assertThat(misplaced)
                    .startsWith(
                        "ceiling.yaml:1:1: UNKNOWN_KEY: 'tenant' is not a key of a policy"));
  }

  @Test
  void theTenantMustBeTheFilesOwn() {
    files.with("acme.yaml", "tenant: globex\n");
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:1:1: TENANT_MISMATCH: the file of acme says that it is for globex");
  }

  @Test
  void anEmptyFileSaysNothing() {
    files.acme("").with("defaults.yaml", "").with("ceiling.yaml", "# nothing yet\n---\n");
    assertThat(files.messages()).isEmpty();
  }

  @Test
  void theProblemsOfAllThreeFilesAreReportedTogether() {
    files.acme("a: 1\n").with("defaults.yaml", "b: 2\n").with("ceiling.yaml", "\nc: 3\nd: 4\n");
    assertThat(files.messages().stream().map(message -> message.replaceAll(": .*", "")))
        .containsExactly(
            "acme.yaml:2:1", "defaults.yaml:1:1", "ceiling.yaml:2:1", "ceiling.yaml:3:1");
  }

  @Test
  void columnsCountCharactersNotBytes() {
    files.acme("environment: [ 'é', \"\\U0001F600\", 'x y' ] # é\n");
    assertThat(files.problems()).extracting(PolicyProblem::column).containsExactly(16, 21, 35);
  }
}
