package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.cordon.policy.PolicyProblem.Code;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, it is a policy or a {@link PolicyException}, within a fixed amount of
 * memory. Every round has a seed of its own; {@code -Dcordon.fuzz.seed=N} begins elsewhere.
 */
class PolicyFuzzTest {
  private static final long FIRST_SEED = Long.getLong("cordon.fuzz.seed", 1);
  private static final int ROUNDS = Integer.getInteger("cordon.fuzz.rounds", 1_000);

  // Work is counted in bytes allocated, which is the same on a slow machine and a fast one.
  private static final long MOST_ALLOCATED = 32L << 20;

  /** What the schema can see as well as the parser. */
  private static final Set<Code> STRUCTURAL =
      EnumSet.of(Code.UNKNOWN_KEY, Code.WRONG_TYPE, Code.MISSING_KEY, Code.NOT_SUPPORTED_YET);

  private static final String WORDS =
      """
      isolation strategy require overrides when kind limits tasks.concurrent tasks.rate tasks.queue max wait cpu.budget sandbox cpu.max \
      memory.max pids.max disk.max bytes inodes task wall.max cpu.time output.max start.max \
      onDeny environment io.max network script tenant acme auto vm process kill continue LANG TZ \
      256Mi 500m 5s 64 10k 50/s 10/5min 1h per 0 -1 1.5 .nan .inf 1e9 0x10 ~ null true \
      : - ? , [ ] { } ' " # @ ` % & * ! | > << \\ \\x41 \\u0000 \\uD800 \\UFFFFFFFF %41 !<""";
  private static final String SPACED =
      ": /- /? /, /&a /*a /!t /!!str /! /<<: / # c\n/|\n  />-\n  /\n/\n  /\n    /\n- /\t/\r\n"
          + "/---\n/...\n/%YAML 1.2\n/%TAG ! x\n/\u0000/\u0085/\u00e9/\u2028/\ufeff/\ud83d\ude00";
  private static final List<String> TOKENS =
      Stream.of(WORDS.split(" "), SPACED.split("/")).flatMap(Arrays::stream).toList();

  @TempDir private Path directory;
  private final SchemaValidator schema = SchemaValidator.forTenants();
  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private List<String> examples = List.of();

  @BeforeEach
  void examples() throws IOException {
    examples = ManualTest.examples();
  }

  @Test
  void randomBytes() {
    rounds(
        random -> {
          byte[] bytes = new byte[random.nextInt(2_000)];
          random.nextBytes(bytes);
          return bytes;
        });
  }

  @Test
  void randomAsciiWithMuchPunctuation() {
    String alphabet = "abk019.:-,?#&*!|>'\"%@`{}[] \n\n  \t";
    rounds(
        random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(400); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          return utf8(text.toString());
        });
  }

  @Test
  void randomYaml() {
    rounds(
        random -> {
          StringBuilder text = new StringBuilder(random.nextBoolean() ? "tenant: acme\n" : "");
          for (int i = random.nextInt(60); i > 0; i--) {
            text.append(TOKENS.get(random.nextInt(TOKENS.size())));
          }
          return utf8(text.toString());
        });
  }

  @Test
  void mutatedPolicies() {
    int accepted =
        rounds(
            random -> {
              byte[] policy = utf8(examples.get(0));
              for (int i = random.nextInt(3); i >= 0; i--) {
                policy = mutated(policy, random);
              }
              return policy;
            });
    // Otherwise the mutations would be too wild to reach what lies behind the syntax.
    assertThat(accepted).isGreaterThan(ROUNDS / 100);
  }

  @Test
  void policiesWithShuffledAndRepeatedLines() {
    rounds(
        random -> {
          List<String> lines = new ArrayList<>();
          examples.forEach(example -> lines.addAll(example.lines().toList()));
          Collections.shuffle(lines, random);
          return utf8(String.join("\n", lines.subList(0, random.nextInt(lines.size()))));
        });
  }

  @Test
  void largeFilesOfOneRepeatedPiece() {
    for (String token : TOKENS) {
      fill(token);
      fill(token + " ");
      fill("a" + token);
      fill(token + "\n");
      fill("{a: " + token);
      fill("[" + token);
      fill("- " + token);
    }
  }

  private void fill(String piece) {
    int times = PolicySource.MAX_BYTES / utf8(piece).length;
    assertPolicyOrProblems(utf8(piece.repeat(times)), "'" + piece + "' " + times + " times");
  }

  private static byte[] mutated(byte[] policy, Random random) {
    int at = random.nextInt(policy.length);
    int length = Math.min(policy.length - at, random.nextInt(1, 12));
    byte[] head = Arrays.copyOf(policy, at);
    byte[] piece = Arrays.copyOfRange(policy, at, at + length);
    byte[] tail = Arrays.copyOfRange(policy, at + length, policy.length);
    return switch (random.nextInt(5)) {
      case 0 -> joined(head, new byte[] {(byte) random.nextInt(256)}, tail);
      case 1 -> joined(head, tail);
      case 2 -> joined(head, piece, piece, tail);
      case 3 -> joined(head, utf8(TOKENS.get(random.nextInt(TOKENS.size()))), piece, tail);
      default -> joined(head, utf8(Integer.toString(random.nextInt(100))), tail);
    };
  }

  private static byte[] joined(byte[]... pieces) {
    StringBuilder latin1 = new StringBuilder();
    for (byte[] piece : pieces) {
      latin1.append(new String(piece, StandardCharsets.ISO_8859_1));
    }
    return latin1.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private interface Generator {
    byte[] file(Random random);
  }

  /** Runs the rounds, and returns how many of the files were policies. */
  private int rounds(Generator generator) {
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      long seed = FIRST_SEED + i;
      byte[] file = generator.file(new Random(seed));
      String what = "seed " + seed + ": " + Quoted.plain(new String(file, StandardCharsets.UTF_8));
      if (assertPolicyOrProblems(file, what)) {
        accepted++;
      }
    }
    return accepted;
  }

  private boolean assertPolicyOrProblems(byte[] file, String what) {
    try {
      Files.write(directory.resolve("acme.yaml"), file);
      long before = thread.getCurrentThreadAllocatedBytes();
      boolean accepted = assertPolicyOrProblems(new String(file, StandardCharsets.UTF_8));
      assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
      return accepted;
    } catch (Throwable e) {
      throw new AssertionError(what.length() > 4_000 ? what.substring(0, 4_000) : what, e);
    }
  }

  private boolean assertPolicyOrProblems(String text) {
    try {
      assertSound(PolicyDirectory.of(directory).policy("acme"));
    } catch (PolicyException e) {
      assertThat(e.problems()).isNotEmpty().hasSizeLessThanOrEqualTo(Problems.MOST + 1);
      e.problems().forEach(PolicyFuzzTest::assertReadable);
      if (e.problems().stream().map(PolicyProblem::code).allMatch(STRUCTURAL::contains)) {
        assertThat(schema.complaints(text)).as("the schema, of %s", e.problems()).isNotEmpty();
      }
      return false;
    }
    assertThat(schema.complaints(text)).isEmpty();
    return true;
  }

  private static void assertSound(Policy policy) {
    assertThat(policy.tenant()).isEqualTo("acme");
    assertThat(policy.sandbox().memoryMax()).isBetween(1L << 20, 1L << 46);
    assertThat(policy.sandbox().pidsMax()).isBetween(1, 4_194_304);
    assertThat(policy.sandbox().cpuMaxMillis()).isBetween(10L, 1_024_000L);
    assertThat(policy.task().wallMax()).isPositive();
    assertThat(policy.environment()).allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"));
  }

  private static void assertReadable(PolicyProblem problem) {
    assertThat(problem.line()).isPositive();
    assertThat(problem.column()).isPositive();
    assertThat(problem.file()).endsWith("acme.yaml");
    assertThat(problem.message()).isNotBlank().hasSizeLessThan(1_000);
    assertThat(problem.message().codePoints().noneMatch(PolicyFuzzTest::steersTerminals))
        .as(problem.message())
        .isTrue();
  }

  private static boolean steersTerminals(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }
}
