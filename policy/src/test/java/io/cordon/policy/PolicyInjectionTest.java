package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.PolicyProblem.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attack 85, policy-injection: what is smuggled into a policy is rejected with its line and column.
 */
class PolicyInjectionTest {
  private Path directory;
  private PolicyFiles files;

  @BeforeEach
  void directory(@TempDir Path directory) {
    this.directory = directory;
    files = new PolicyFiles(directory);
  }

  @Test
  void aNewlineInATenantsName() {
    files.with("acme.yaml", "tenant: \"acme\\nsandbox: {}\"\n");
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:1:9: BAD_VALUE: tenant: 'acme\\u000asandbox: {}' is not a tenant's name:"
                + " 1 to 63 of a-z, 0-9 and inner hyphens");
  }

  @Test
  void aNewlineInTheNameOfAVariable() {
    files.acme("environment:\n  - \"LANG\\n\"\n  - \"A\\0B\"\n");
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:3:5: BAD_VALUE: environment: 'LANG\\u000a' is not the name of an"
                + " environment variable",
            "acme.yaml:4:5: BAD_VALUE: environment: 'A\\u0000B' is not the name of an environment"
                + " variable");
  }

  @Test
  void terminalEscapesAndReversedTextInAKey() {
    files.acme("\"\\e[31m\\u202e\\u2028red\": 1\n");
    assertThat(files.messages())
        .singleElement()
        .asString()
        .startsWith("acme.yaml:2:1: UNKNOWN_KEY: '\\u001b[31m\\u202e\\u2028red' is not a key");
  }

  @Test
  void duplicateKeysAtEveryLevelHoweverTheyAreQuoted() {
    files.acme(
        """
        sandbox:
          memory.max: 64Mi
          "memory.max": 1Gi
          disk.max: { bytes: 1Mi, 'bytes': 1Gi }
        tenant: globex
        """);
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:4:3: DUPLICATE_KEY: the key 'memory.max' is already in line 3",
            "acme.yaml:5:27: DUPLICATE_KEY: the key 'bytes' is already in line 5",
            "acme.yaml:6:1: DUPLICATE_KEY: the key 'tenant' is already in line 1");
  }

  @Test
  void anAliasBombIsStoppedAtItsFirstAnchor() {
    StringBuilder bomb = new StringBuilder("environment:\n  - &a0 [x]\n");
    for (int i = 1; i <= 9; i++) {
      bomb.append("  - &a").append(i).append(" [").append("*a").append(i - 1);
      bomb.append((", *a" + (i - 1)).repeat(9)).append("]\n");
    }
    files.acme(bomb.toString());
    assertThat(files.problems()).hasSize(Problems.MOST + 1);
    assertThat(files.messages())
        .startsWith(
            "acme.yaml:3:5: SYNTAX: anchors are not allowed in a policy: write the value out")
        .endsWith("acme.yaml:6:50: TOO_LARGE: more than 32 problems: the rest is not listed");
  }

  @Test
  void aliasesMergeKeysAndTagsAreNoWayToShareOrConstruct() {
    files.acme(
        """
        sandbox: &base { pids.max: 1 }
        task: *base
        limits:
          <<: *base
        environment: !!java.net.URLClassLoader [ !!str LANG ]
        isolation: { strategy: ! auto }
        """);
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:2:10: SYNTAX: anchors are not allowed in a policy: write the value out",
            "acme.yaml:3:7: SYNTAX: aliases are not allowed in a policy: write the value out",
            "acme.yaml:5:3: SYNTAX: merge keys are not allowed in a policy",
            "acme.yaml:5:7: SYNTAX: aliases are not allowed in a policy: write the value out",
            "acme.yaml:6:14: SYNTAX: tags are not allowed in a policy",
            "acme.yaml:6:42: SYNTAX: tags are not allowed in a policy",
            "acme.yaml:7:24: SYNTAX: tags are not allowed in a policy");
  }

  @ParameterizedTest
  @CsvSource({
    "memory.max, .nan, BAD_VALUE",
    "memory.max, .inf, BAD_VALUE",
    "memory.max, -.inf, BAD_VALUE",
    "memory.max, 1e400, BAD_VALUE",
    "memory.max, 18446744073709551617, OUT_OF_RANGE",
    "memory.max, 17179869185Gi, OUT_OF_RANGE",
    "pids.max, 4294967360, OUT_OF_RANGE",
    "pids.max, 18446744073709551680, OUT_OF_RANGE",
    "cpu.max, 18446744073709552, OUT_OF_RANGE",
    "cpu.max, -0.5, OUT_OF_RANGE"
  })
  void aNumberThatWouldWrapOrIsNone(String key, String written, Code code) {
    files.acme("sandbox:\n  " + key + ": " + written + "\n");
    assertThat(files.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.column()).isEqualTo(key.length() + 5);
            });
  }

  @Test
  void aSecondDocument() {
    files.acme("---\ntenant: globex\n");
    assertThat(files.messages())
        .containsExactly("acme.yaml:2:1: SYNTAX: a policy is one document: remove the second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%YAML 1.1\n---\n", "%YAML 2.0\n---\n", "%YAML 1.2\n%YAML 1.2\n---\n"})
  void aDirectiveForAnotherYaml(String directive) {
    files.with("acme.yaml", directive + "tenant: acme\n");
    assertThat(files.problems()).isNotEmpty().allMatch(p -> p.code() == Code.SYNTAX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sandbox: { pids.max: 1",
        "sandbox: [",
        "\tsandbox: {}",
        "a: b: c",
        "a: 'b",
        "}",
        "sandbox: \"\\UFFFFFFFF\"", // a NumberFormatException of the scanner
        "sandbox: \"\\U00110000\"",
        "sandbox: !%zz {}",
      })
  void brokenYamlIsPlacedInItsFile(String yaml) {
    files.acme(yaml);
    assertThat(files.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.SYNTAX);
              assertThat(problem.line()).isGreaterThanOrEqualTo(2);
              assertThat(problem.message()).doesNotContain("\n");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: "})
  void deepNesting(String level) {
    files.acme("environment: \n" + " " + level.repeat(10_000) + "\n");
    assertThat(files.problems())
        .last()
        .extracting(PolicyProblem::code)
        .isIn(Code.TOO_LARGE, Code.SYNTAX);
  }

  @Test
  void nestingIsBoundedWhereItIsValid() {
    files.acme("environment: " + "[".repeat(20) + "]".repeat(20) + "\n");
    assertThat(files.messages())
        .containsExactly("acme.yaml:2:21: TOO_LARGE: nested deeper than 8 levels");
  }

  @Test
  void tooManyValues() {
    files.acme("environment:\n" + "- A\n".repeat(5_000));
    assertThat(files.messages())
        .containsExactly("acme.yaml:4094:3: TOO_LARGE: more than 4096 values");
  }

  @Test
  void tooManyProblems() {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      keys.append("k").append(i).append(": 1\n");
    }
    files.acme(keys.toString());
    assertThat(files.problems()).hasSize(Problems.MOST + 1);
    assertThat(files.problems()).last().extracting(PolicyProblem::code).isEqualTo(Code.TOO_LARGE);
  }

  @Test
  void aLongScalarIsNotQuotedBack() {
    files.acme("a".repeat(300) + ": 1\nsandbox: { memory.max: '" + "9".repeat(300) + "' }\n");
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:2:1: TOO_LARGE: longer than 256 characters",
            "acme.yaml:3:24: TOO_LARGE: longer than 256 characters");
  }

  @Test
  void aFileThatIsTooLarge() {
    String fits = "#".repeat(PolicySource.MAX_BYTES - "tenant: acme\n".length());
    files.acme(fits);
    assertThat(files.messages()).isEmpty();

    files.acme(fits + "#");
    assertThat(files.messages()).containsExactly("acme.yaml:1:1: TOO_LARGE: is larger than 64Ki");
  }

  @Test
  void whatIsNotUtf8() throws IOException {
    byte[] overlong = {'t', ':', '\n', '\r', '\n', 'a', (byte) 0xc0, (byte) 0x80, '\n'};
    Files.write(directory.resolve("acme.yaml"), overlong);
    assertThat(files.messages())
        .containsExactly("acme.yaml:3:2: SYNTAX: is not UTF-8 from here on");

    Files.write(directory.resolve("acme.yaml"), "tenant: acme\n".getBytes(StandardCharsets.UTF_16));
    assertThat(files.messages())
        .containsExactly("acme.yaml:1:1: SYNTAX: is not UTF-8 from here on");

    byte[] surrogate = {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80};
    Files.write(directory.resolve("acme.yaml"), surrogate);
    assertThat(files.messages())
        .containsExactly("acme.yaml:1:2: SYNTAX: is not UTF-8 from here on");

    byte[] cutOff = {'a', (byte) 0xe2, (byte) 0x82};
    Files.write(directory.resolve("acme.yaml"), cutOff);
    assertThat(files.messages())
        .containsExactly("acme.yaml:1:2: SYNTAX: is not UTF-8 from here on");
  }

  @Test
  void controlCharacters() {
    files.acme("environment: [ LANG\0 ]\n");
    assertThat(files.messages())
        .containsExactly("acme.yaml:2:20: SYNTAX: the character U+0000 is not allowed in YAML");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstKey() {
    files.with("acme.yaml", "\ufefftenant: acme\n");
    assertThat(files.messages()).isEmpty();
  }
}
