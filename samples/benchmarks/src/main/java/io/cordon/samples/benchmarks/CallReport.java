package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls into a sandbox that is there already: a plugin's method, and a script. */
final class CallReport {
  private static final String TEXT = "0123456789abcdef".repeat(3);

  private final Sandboxes sandboxes;
  private final Path cache;
  private final Path scratch;
  private final PrintStream out;

  CallReport(Sandboxes sandboxes, Path cache, Path scratch, PrintStream out) {
    this.sandboxes = sandboxes;
    this.cache = cache;
    this.scratch = scratch;
    this.out = out;
  }

  /** Measures, prints, and says whether both targets were met. */
  boolean run() throws Exception {
    Tenant tenant = sandboxes.tenant("bench");
    boolean callMet = pluginCall(tenant);
    boolean scriptMet = warmScript(tenant);
    return callMet && scriptMet;
  }

  private boolean pluginCall(Tenant tenant) throws Exception {
    Path jar = EchoPluginJar.write(scratch.resolve("echo.jar"));
    try (IsolationStrategy strategy = Report.processStrategy(cache);
        RawPipe pipe = new RawPipe(strategy.launch(rawEcho(tenant)));
        Sandbox sandbox = tenant.open(Plugin.jar(jar))) {
      Echo echo = sandbox.service(Echo.class);
      Contest contest = new Contest();
      Samples raw = contest.enter("raw pipe echo, 64 bytes, same threads", 200, pipe::roundTrip);
      Samples call =
          contest.enter(
              "plugin call, 48 characters there and back",
              200,
              () -> {
                if (!echo.echo(TEXT).equals(TEXT)) {
                  throw new IllegalStateException("the echo answered something else");
                }
              });
      contest.run(50, 50);
      out.println("A plugin call, next to the pipe that it goes through");
      out.println(raw.row());
      out.println(call.row());
      return Target.atMost(3).judge(out, "plugin call / raw pipe echo", call.ratioTo(raw));
    }
  }

  private boolean warmScript(Tenant tenant) throws Exception {
    Contest contest = new Contest();
    Samples first =
        contest.enter(
            "JavaScript, first result from a warm worker",
            1,
            () -> {
              long sum =
                  tenant.run(
                      Script.javaScript("order.reduce((sum, price) => sum + price, 0)")
                          .bind("order", List.of(1, 2, 3))
                          .returning(Long.class));
              if (sum != 6) {
                throw new IllegalStateException("the script answered " + sum);
              }
            });
    contest.run(3, 60);
    out.println("A script, each in a context of its own");
    out.println(first.row());
    return Target.atMost(10).judge(out, "warm JavaScript, median ms", first.medianMillis());
  }

  private static CellSpec rawEcho(Tenant tenant) throws Exception {
    Path classes =
        Path.of(RawEcho.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new CellSpec(
        tenant.name(),
        "raw-echo",
        new CellSpec.Program.Jvm(
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
            List.of(classes),
            Optional.empty(),
            RawEcho.class.getName(),
            List.of()),
        Map.of(),
        List.of(),
        tenant.policy().sandbox(),
        Duration.ofSeconds(20));
  }
}
