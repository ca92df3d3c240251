package io.cordon.samples.pluginhost;

import io.cordon.sandbox.CacheLocation;
import io.cordon.vm.setup.Need;
import io.cordon.vm.setup.VmSetup;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the application, shows each plugin once, and serves. */
@Command(
    name = "demo",
    description = {
      "Runs the plugins of three tenants in sandboxes, through a small HTTP server on loopback.",
      "It prints a table of what came of them, and stays until it is interrupted."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Main implements Callable<Integer> {
  private static final String HOME = "${sys:plugin-host.home:-samples/plugin-host}";

  private final PrintStream out;

  @Option(names = "--once", description = "End after the table: 0 if all went as it should.")
  private boolean once;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; by default one that is free.")
  private int port;

  @Option(
      names = "--policies",
      paramLabel = "DIR",
      defaultValue = HOME + "/policies",
      description = "The policies of the tenants (default: ${DEFAULT-VALUE}).")
  private Path policies;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      defaultValue = HOME + "/target/plugins",
      description = "What the tenants have installed (default: ${DEFAULT-VALUE}).")
  private Path plugins;

  private Main(PrintStream out) {
    this.out = out;
  }

  /** Runs the command. */
  public static void main(String... arguments) {
    CommandLine commandLine = new CommandLine(new Main(System.out));
    commandLine.setExecutionExceptionHandler(
        (e, command, result) -> {
          System.err.println("demo: " + Printable.line(String.valueOf(e.getMessage())));
          return 1;
        });
    System.exit(commandLine.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    prepareMicroVms();
    PluginHost host =
        PluginHost.open(policies, plugins, port, message -> out.println("  ... " + message));
    // Ctrl-C too ends what tenants still run.
    Runtime.getRuntime().addShutdownHook(new Thread(host::close, "plugin-host-close"));
    boolean asExpected = new Showcase(host.address(), new ResultTable(out)).run();
    out.println();
    out.println("Served at " + host.address());
    out.println("  POST /tenants/{tenant}/plugins/{plugin}   GET /tenants/{tenant}/usage");
    if (!once) {
      new CountDownLatch(1).await();
    }
    return asExpected ? 0 : 1;
  }

  /** One tenant has its documents read in a micro-VM. What that lacks is told here, once. */
  private void prepareMicroVms() {
    for (Need need :
        new VmSetup(CacheLocation.usual(), message -> out.println("  ... " + message)).run()) {
      if (!need.met()) {
        out.println("  ... micro-VMs lack " + need.name() + ": " + Printable.line(need.detail()));
      }
    }
  }
}
