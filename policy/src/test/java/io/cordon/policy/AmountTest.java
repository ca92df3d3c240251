package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.PolicyProblem.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AmountTest {
  private PolicyFiles files;

  @BeforeEach
  void directory(@TempDir Path directory) {
    files = new PolicyFiles(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "256Mi, 268435456",
    "1Gi, 1073741824",
    "1.5Gi, 1610612736",
    "64M, 64000000",
    "2048k, 2048000",
    "1048576, 1048576",
    "1048576.0, 1048576",
    "64Ti, 70368744177664",
    "'\"1Gi\"', 1073741824",
  })
  void bytesAreKubernetesQuantities(String written, long bytes) {
    files.acme("sandbox: { memory.max: " + written + " }");
    assertThat(files.policy().sandbox().memoryMax()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"500m, 500", "1, 1000", "1.5, 1500", "0.01, 10", "1024, 1024000", "10m, 10"})
  void coresAreThousandths(String written, long millicores) {
    files.acme("sandbox: { cpu.max: " + written + " }");
    assertThat(files.policy().sandbox().cpuMaxMillis()).isEqualTo(millicores);
  }

  @ParameterizedTest
  @CsvSource({
    "1ms, 1",
    "250ms, 250",
    "5s, 5000",
    "1.5s, 1500",
    "2min, 120000",
    "1h, 3600000",
    "7d, 604800000"
  })
  void timesHaveAUnit(String written, long milliseconds) {
    files.acme("task: { wall.max: " + written + " }");
    assertThat(files.policy().task().wallMax()).hasMillis(milliseconds);
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "10k, 10000", "1.5k, 1500", "4M, 4000000"})
  void countsArePlain(String written, int count) {
    files.acme("sandbox: { pids.max: " + written + " }");
    assertThat(files.policy().sandbox().pidsMax()).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "memory.max, 256m, did you mean 256Mi?",
        "memory.max, 256mi, did you mean 256Mi?",
        "memory.max, 256MB, did you mean 256M?",
        "memory.max, 256MiB, did you mean 256Mi?",
        "memory.max, '256 Mi', did you mean 256Mi?",
        "memory.max, 64K, did you mean 64Ki?",
        "memory.max, 1g, did you mean 1Gi?",
        "memory.max, 1e9, write it like 256Mi",
        "memory.max, 0x100000, write it like 256Mi",
        "memory.max, 0400000000, write it like 256Mi",
        "memory.max, +1Gi, write it like 256Mi",
        "memory.max, .5Gi, write it like 256Mi",
        "memory.max, 1.Gi, write it like 256Mi",
        "memory.max, 1_000_000, write it like 256Mi",
        "memory.max, max, write it like 256Mi",
        "memory.max, .nan, write it like 256Mi",
        "memory.max, NaN, write it like 256Mi",
        "memory.max, .inf, write it like 256Mi",
        "memory.max, -.inf, write it like 256Mi",
        "memory.max, ١Gi, write it like 256Mi",
        "memory.max, 1.0001Gi, write it like 256Mi",
        "memory.max, '', write it like 256Mi",
        "memory.max, 1048576.5, is too precise: the smallest step is 1",
        "memory.max, 1.1Mi, is too precise: the smallest step is 1",
        "cpu.max, 500M, did you mean 500m?",
        "cpu.max, 2 cores, did you mean 2?",
        "cpu.max, 1.5m, is too precise: the smallest step is 1m",
        "cpu.max, 50%, write it like 500m",
        "pids.max, 1.5, is too precise: the smallest step is 1",
        "pids.max, 10K, did you mean 10k?",
      })
  void whatIsNoAmountIsABadValueWithAHint(String key, String written, String hint) {
    files.acme("sandbox:\n  " + key + ": " + written + "\n");
    assertThat(files.messages())
        .singleElement()
        .asString()
        .startsWith("acme.yaml:3:" + (key.length() + 5) + ": BAD_VALUE: sandbox." + key)
        .endsWith(hint);
  }

  @ParameterizedTest
  @CsvSource({
    "5, did you mean 5s?",
    "5m, did you mean 5min?",
    "5 seconds, did you mean 5s?",
    "1hour, did you mean 1h?",
    "1.5ms, is too precise: the smallest step is 1ms",
    "0.0005s, write it like 5s",
    "1:30, write it like 5s",
    "5us, write it like 5s",
  })
  void whatIsNoTimeIsABadValueWithAHint(String written, String hint) {
    files.acme("task:\n  wall.max: " + written + "\n");
    assertThat(files.messages())
        .singleElement()
        .asString()
        .startsWith("acme.yaml:3:13: BAD_VALUE: task.wall.max")
        .endsWith(hint);
  }

  @ParameterizedTest
  @CsvSource({
    "memory.max, 0",
    "memory.max, 1023Ki",
    "memory.max, 65Ti",
    "memory.max, -1Gi",
    "memory.max, 8Ei",
    "memory.max, 9223372036854775808",
    "memory.max, 99999999999999999999999999999999999999Ei",
    "pids.max, 0",
    "pids.max, -1",
    "pids.max, 4194305",
    "pids.max, 4294967297",
    "cpu.max, 9m",
    "cpu.max, 1024.001",
    "cpu.max, 0",
  })
  void whatMakesNoSenseIsOutOfRange(String key, String written) {
    files.acme("sandbox:\n  " + key + ": " + written + "\n");
    assertThat(files.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.OUT_OF_RANGE);
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.column()).isEqualTo(key.length() + 5);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tasks.rate: 50 | BAD_VALUE: limits.tasks.rate: '50' is not a rate; did you mean 50/s?",
        "tasks.rate: 50/sec | BAD_VALUE: limits.tasks.rate: '50/sec' is not a rate; did you mean 50/s?",
        "tasks.rate: 50 / 2 m | BAD_VALUE: limits.tasks.rate: '50 / 2 m' is not a rate; did you mean 50/2min?",
        "tasks.rate: 50 per hour | BAD_VALUE: limits.tasks.rate: '50 per hour' is not a rate; did you mean 50/h?",
        "tasks.rate: fast | BAD_VALUE: limits.tasks.rate: 'fast' is not a rate; write it like 50/s",
        "tasks.rate: -5/s | BAD_VALUE: limits.tasks.rate: '-5/s' is not a rate; write it like 50/s",
        "tasks.rate: 0/s | OUT_OF_RANGE: limits.tasks.rate must be from 1 to 1M, not '0'",
        "tasks.rate: 0.5/s | BAD_VALUE: limits.tasks.rate: '0.5' is too precise: the smallest step is 1",
        "tasks.rate: 5/ms | OUT_OF_RANGE: limits.tasks.rate's period must be from 1s to 1d, not '1ms'",
        "tasks.rate: [5] | WRONG_TYPE: limits.tasks.rate must be a rate such as 50/s, not a list",
        "tasks.rate: | WRONG_TYPE: limits.tasks.rate must be a rate such as 50/s, not nothing",
        "cpu.budget: 30min/h | BAD_VALUE: limits.cpu.budget: '30min/h' is not processor time within a window; write it like 30min per 1h",
        "cpu.budget: 50% | BAD_VALUE: limits.cpu.budget: '50%' is not processor time within a window; write it like 30min per 1h",
        "cpu.budget: 0s per 1h | OUT_OF_RANGE: limits.cpu.budget must be from 1ms to 31744d, not '0s'",
        "cpu.budget: 1s per 32d | OUT_OF_RANGE: limits.cpu.budget's window must be from 1s to 31d, not '32d'",
        "cpu.budget: {} | WRONG_TYPE: limits.cpu.budget must be a budget such as 30min per 1h, not a mapping",
        "tasks.queue: 100 | WRONG_TYPE: limits.tasks.queue must be a mapping of keys, not the number '100'",
        "tasks.queue: { max: 65537 } | OUT_OF_RANGE: limits.tasks.queue.max must be from 0 to 65536, not '65537'",
        "tasks.queue: { wait: 0s } | OUT_OF_RANGE: limits.tasks.queue.wait must be from 1ms to 1d, not '0s'",
        "tasks.queue: { size: 5 } | UNKNOWN_KEY: 'size' is not a key of limits.tasks.queue: valid here: max, wait",
      })
  void whatNoRateAndNoBudgetIsIsRefused(String yaml, String problem) {
    files.acme("limits:\n  " + yaml + "\n");
    assertThat(files.messages())
        .singleElement()
        .asString()
        .startsWith("acme.yaml:3:")
        .endsWith(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "50/s, 50, 1000, 50/s",
    "10k/h, 10000, 3600000, 10k/h",
    "10/5min, 10, 300000, 10/5min",
    "1/60s, 1, 60000, 1/min",
    "'2.5k/1.5s', 2500, 1500, 2500/1500ms",
  })
  void aRateIsACountInATime(String written, int count, long millis, String canonical) {
    files.acme("limits: { tasks.rate: " + written + " }");
    assertThat(files.policy().limits().admission().tasksRate())
        .contains(new TaskRate(count, Duration.ofMillis(millis)));
    assertThat(files.explained("limits.tasks.rate")).isEqualTo(canonical + " from acme.yaml:2");
  }

  @Test
  void theRangeIsInTheMessage() {
    files.acme("sandbox: { pids.max: 5M }");
    assertThat(files.messages())
        .containsExactly(
            "acme.yaml:2:22: OUT_OF_RANGE: sandbox.pids.max must be from 1 to 4194304, not '5M'");
  }

  @Test
  void aLimitWritesItsAmountsAsAPolicyWould() {
    assertThat(
            List.of(
                Limit.MEMORY.format(256L << 20),
                Limit.MEMORY.format(64_000_000),
                Limit.MEMORY.format(1_000_001),
                Limit.MEMORY.format(0),
                Limit.WALL.format(5_000_000_000L),
                Limit.WALL.format(90_000_000_000L),
                Limit.WALL.format(120_000_000_000L),
                Limit.WALL.format(250_000_000),
                Limit.WALL.format(1_500),
                Limit.WALL.format(0),
                Limit.PIDS.format(64),
                Limit.TASKS_CONCURRENT.format(8),
                Limit.CPU.format(500),
                Limit.CPU.format(1_000),
                Limit.CPU.format(1_500)))
        .containsExactly(
            "256Mi", "64M", "1000001", "0", "5s", "90s", "2min", "250ms", "1500ns", "0ms", "64",
            "8", "500m", "1", "1500m");
  }

  @Test
  void whatWasMeasuredIsRounded() {
    assertThat(
            List.of(
                Limit.MEMORY.unit().formatRounded(123_456_789),
                Limit.MEMORY.unit().formatRounded(256L << 20),
                Limit.MEMORY.unit().formatRounded(1_000),
                Limit.WALL.unit().formatRounded(4_983_217_004L),
                Limit.WALL.unit().formatRounded(5_000_000_001L),
                Limit.WALL.unit().formatRounded(17_042),
                Limit.WALL.unit().formatRounded(0),
                Limit.PIDS.unit().formatRounded(12_345)))
        .containsExactly("117.74Mi", "256Mi", "1000", "4.98s", "5s", "17.04us", "0ms", "12345");
  }

  @ParameterizedTest
  @EnumSource(Limit.class)
  void everyAmountReadsBackAsItWasWritten(Limit limit) {
    Random random = new Random(7);
    Scale scale = scale(limit);
    for (int i = 0; i < 2_000; i++) {
      long amount = (random.nextLong() >>> random.nextInt(1, 64)) / scale.grain() * scale.grain();
      assertThat(scale.parse(limit.format(amount)))
          .as("%d is written %s", amount, limit.format(amount))
          .hasValueSatisfying(
              read -> assertThat(read).isEqualByComparingTo(java.math.BigDecimal.valueOf(amount)));
    }
  }

  private static Scale scale(Limit limit) {
    return switch (limit.unit()) {
      case BYTES -> Scale.BYTES;
      case NANOSECONDS -> Scale.TIME;
      case COUNT -> Scale.COUNT;
      case MILLICORES -> Scale.CORES;
    };
  }
}
