package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A call of a plugin's method, of little and of much data. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class PluginCallBenchmark {
  private final String small = "x".repeat(48);
  private final String large = "x".repeat(48 * 1024);

  private Path scratch;
  private Sandboxes sandboxes;
  private Sandbox sandbox;
  private Echo echo;

  /** Opens the sandbox. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    scratch = Files.createTempDirectory("cordon-benchmark");
    sandboxes = Report.sandboxes(scratch);
    sandbox =
        sandboxes
            .tenant("bench")
            .open(Plugin.jar(EchoPluginJar.write(scratch.resolve("echo.jar"))));
    echo = sandbox.service(Echo.class);
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    sandbox.close();
    sandboxes.close();
    Report.delete(scratch);
  }

  /** 48 characters there and back. */
  @Benchmark
  public String small() {
    return echo.echo(small);
  }

  /** 48 thousand characters there and back. */
  @Benchmark
  public String large() {
    return echo.echo(large);
  }
}
