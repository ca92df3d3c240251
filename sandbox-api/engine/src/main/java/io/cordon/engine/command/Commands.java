package io.cordon.engine.command;

import io.cordon.engine.stream.Capture;
import io.cordon.engine.stream.Conduit;
import io.cordon.engine.stream.Discard;
import io.cordon.engine.stream.GuestOutput;
import io.cordon.engine.task.CellNames;
import io.cordon.engine.task.Streams;
import io.cordon.engine.task.TaskStarter;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.Policy;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.spi.CellSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs native programs, each in a cell of its own. */
public final class Commands {
  private final TaskStarter starter;
  private final CellNames names;
  private final Function<String, @Nullable String> hostEnvironment;

  /**
   * Runs commands.
   *
   * @param hostEnvironment the host's environment variables, of which a policy lets some through
   */
  public Commands(
      TaskStarter starter, CellNames names, Function<String, @Nullable String> hostEnvironment) {
    this.starter = starter;
    this.names = names;
    this.hostEnvironment = hostEnvironment;
  }

  /** Starts a command. */
  public TaskHandle<Exit> submit(TenantScope tenant, Command command, Optional<Duration> timeout) {
    CellStdin stdin = new CellStdin();
    Streams streams =
        new Streams(
            command.stdin() instanceof Command.Input.Stream ? stdin : null,
            output(command.stdout()),
            output(command.stderr()));
    TaskHandle<Exit> handle =
        starter.start(
            tenant,
            WorkloadKind.COMMAND,
            timeout,
            streams,
            (task, strategy) -> {
              CellSpec spec = spec(task.policy(), command, task.startMax());
              return new CommandRun(command, task, stdin, streams.stdout(), streams.stderr())
                  .run(strategy, spec);
            });
    // Whoever writes to a program that never begins would wait for it for ever.
    CompletableFuture<Exit> _ = handle.result().whenComplete((exit, failure) -> stdin.disconnect());
    return handle;
  }

  /** What a cell for this command would be. */
  public CellSpec spec(Policy policy, Command command, Duration startMax) {
    return new CellSpec(
        policy.tenant(),
        names.next("command"),
        new CellSpec.Program.Native(command.arguments(), command.root()),
        environment(policy, command),
        command.inputs().entrySet().stream()
            .map(input -> new CellSpec.InputFile(input.getKey(), input.getValue()))
            .toList(),
        policy.sandbox(),
        policy.limits(),
        startMax);
  }

  private Map<String, String> environment(Policy policy, Command command) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", CellSpec.WORKING_DIRECTORY);
    for (String name : policy.environment()) {
      String value = hostEnvironment.apply(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.putAll(command.environment());
    return environment;
  }

  private static GuestOutput output(Command.Output output) {
    return switch (output) {
      case CAPTURE -> new Capture();
      case STREAM -> new Conduit();
      case DISCARD -> new Discard();
    };
  }
}
