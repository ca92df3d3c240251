package io.cordon.samples.cli;

import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code cordon script}: a script in a sandbox. */
@CommandLine.Command(
    name = "script",
    description = "Runs a script in a sandbox and prints the value of its last expression as JSON.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScriptCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Spec private CommandSpec spec;
  @Mixin private TenantOptions options;
  @Mixin private JsonOption json;

  @Option(
      names = "--language",
      paramLabel = "L",
      required = true,
      completionCandidates = Languages.class,
      converter = LanguageConverter.class,
      description = "The language that it is written in: ${COMPLETION-CANDIDATES}.")
  private Script.Language language;

  @Parameters(paramLabel = "FILE", description = "The script.")
  private Path file;

  ScriptCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isRegularFile(file)) {
      throw new ParameterException(spec.commandLine(), "no such file: " + file);
    }
    String source = Files.readString(file);
    Script<String> script =
        switch (language) {
          case JAVASCRIPT -> Script.javaScript(source);
        };
    Reporter reporter = json.reporter(stdio);
    return options.open(
        reporter,
        tenant -> {
          Outcome<String> outcome = new TaskRun(stdio, reporter).run(tenant, script);
          reporter.ended(outcome);
          return ExitStatus.of(outcome);
        });
  }

  /** The words that {@code --language} takes. */
  static final class Languages implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Script.Language.values()).map(Script.Language::id).iterator();
    }
  }

  /** Reads a language by its name in GraalVM Polyglot. */
  static final class LanguageConverter implements ITypeConverter<Script.Language> {
    @Override
    public Script.Language convert(String word) {
      for (Script.Language language : Script.Language.values()) {
        if (language.id().equals(word)) {
          return language;
        }
      }
      throw new TypeConversionException(
          "'" + word + "' is not one of " + String.join(", ", new Languages()));
    }
  }
}
