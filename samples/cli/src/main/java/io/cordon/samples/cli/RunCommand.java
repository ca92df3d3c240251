package io.cordon.samples.cli;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Command.Input;
import io.cordon.sandbox.Command.Output;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cordon run}: a native program in a sandbox. */
@CommandLine.Command(
    name = "run",
    description = {
      "Runs a native program of this host in a sandbox.",
      "",
      "Its standard streams pass through; one line on standard error says what happened, unless"
          + " all went well. With --json there is one object on standard output instead."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Spec private CommandSpec spec;
  @Mixin private TenantOptions options;
  @Mixin private JsonOption json;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Put a copy of this file into the program's working directory. Repeatable.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Bring this file back from the program's working directory, if it succeeds. Repeatable.")
  private List<Path> outputs = List.of();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "Give the program this directory as its root, read-only, in place of the host's programs.")
  private @Nullable Path root;

  @Parameters(
      paramLabel = "CMD",
      arity = "1..*",
      description = "The program and its arguments, after '--'.")
  private List<String> arguments;

  RunCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Command command = command();
    Reporter reporter = json.reporter(stdio);
    return options.open(
        reporter,
        tenant -> {
          Outcome<Exit> outcome = new TaskRun(stdio, reporter).run(tenant, command);
          if (outcome instanceof Outcome.Succeeded<Exit> succeeded) {
            bringBack(succeeded.value(), reporter);
          }
          reporter.ended(outcome);
          return ExitStatus.of(outcome);
        });
  }

  private Command command() throws IOException {
    Command command =
        Command.of(arguments)
            .stdin(stdio.interactive() ? new Input.Empty() : new Input.Stream())
            .stdout(Output.STREAM)
            .stderr(Output.STREAM);
    if (root != null) {
      if (!Files.isDirectory(root)) {
        throw new ParameterException(spec.commandLine(), "--root: no such directory: " + root);
      }
      command = command.root(root);
    }
    for (Path input : inputs) {
      if (!Files.isRegularFile(input)) {
        throw new ParameterException(spec.commandLine(), "--input: no such file: " + input);
      }
      command = command.input(fileName(input), Files.readAllBytes(input));
    }
    for (Path output : outputs) {
      command = command.output(fileName(output));
    }
    return command;
  }

  private void bringBack(Exit exit, Reporter reporter) throws IOException {
    for (Path output : outputs) {
      byte[] content = exit.outputs().get(fileName(output));
      if (content == null) {
        reporter.note("the program made no file " + fileName(output));
      } else {
        Files.write(output, content);
      }
    }
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }
}
