package io.cordon.samples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code cordon} command: assembles its subcommands and runs one. */
@CommandLine.Command(
    name = "cordon",
    description = "Runs other people's code in kernel-grade sandboxes.",
    mixinStandardHelpOptions = true,
    version = "cordon 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "  *:the command's own exit status",
      "  1:a script failed, or a policy is wrong, or this host lacks what was asked about",
      "  2:the command line is wrong",
      "121:the task was cancelled",
      "122:the task exceeded a limit",
      "123:refused: the policy or the host forbids it, and nothing ran",
      "124:a signal that was not Cordon's ended the task",
      "125:Cordon itself failed"
    },
    footer = {"", "The statuses 121 to 125 may also be a command's own: --json tells them apart."})
final class Cordon implements Runnable {
  private final Stdio stdio;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  Cordon(Stdio stdio) {
    this.stdio = stdio;
  }

  /** Runs a command line and returns the exit status. */
  int execute(String... arguments) {
    CommandLine commandLine =
        new CommandLine(this)
            .addSubcommand(new RunCommand(stdio))
            .addSubcommand(new ScriptCommand(stdio))
            .addSubcommand(new DoctorCommand(stdio))
            .addSubcommand(new PlanCommand(stdio))
            .addSubcommand(
                new CommandLine(new PolicyCommand())
                    .addSubcommand(new PolicyCheckCommand(stdio))
                    .addSubcommand(new PolicyExplainCommand(stdio)))
            .addSubcommand(
                new CommandLine(new VmCommand()).addSubcommand(new VmPrepareCommand(stdio)))
            .addSubcommand(new HelpCommand());
    // An argument of a guest such as "@file" is the guest's own.
    commandLine.setExpandAtFiles(false);
    commandLine.setOut(new PrintWriter(stdio.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(stdio.err(), true, StandardCharsets.UTF_8));
    commandLine.setParameterExceptionHandler(
        (exception, given) -> {
          String command = exception.getCommandLine().getCommandSpec().qualifiedName();
          String reason = exception.getMessage() + " (see '" + command + " --help')";
          return tell(Failure.usage(reason), wantsJson(given));
        });
    commandLine.setExecutionExceptionHandler(
        (exception, command, result) -> {
          Failure failure = Failure.of(exception);
          if (failure.status() == ExitStatus.INTERNAL) {
            exception.printStackTrace(stdio.err()); // a report of it is worth nothing without
          }
          return tell(failure, command.getParseResult().hasMatchedOption(JsonOption.NAME));
        });
    return commandLine.execute(arguments);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing a command");
  }

  /** Whether a wrong command line is to be told in JSON too: known before it could be parsed. */
  private static boolean wantsJson(String[] arguments) {
    List<String> all = Arrays.asList(arguments);
    int end = all.indexOf("--");
    return (end < 0 ? all : all.subList(0, end)).contains(JsonOption.NAME);
  }

  private int tell(Failure failure, boolean json) {
    try {
      JsonOption.reporter(stdio, json).failed(failure);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return failure.status().status();
  }
}
