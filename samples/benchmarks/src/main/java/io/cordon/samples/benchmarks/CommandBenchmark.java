package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
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

/** A native program from submission to outcome, each in a cell of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class CommandBenchmark {
  private Path scratch;
  private Sandboxes sandboxes;
  private Tenant tenant;

  /** Opens the sandboxes. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    scratch = Files.createTempDirectory("cordon-benchmark");
    sandboxes = Report.sandboxes(scratch);
    tenant = sandboxes.tenant("bench");
  }

  /** Closes them. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    sandboxes.close();
    Report.delete(scratch);
  }

  /** The least program. */
  @Benchmark
  public Exit runTrue() {
    return tenant.run(Command.of("/bin/true"));
  }

  /** What is done before anything is launched: selecting, planning, describing. */
  @Benchmark
  public int explain() {
    return tenant.explain(Command.of("/bin/true")).plan().size();
  }
}
