package io.cordon.samples.cli;

import io.cordon.policy.PolicyCheck;
import io.cordon.policy.PolicyDirectory;
import io.cordon.policy.PolicyProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cordon policy check}: the dry run of an edit. */
@CommandLine.Command(
    name = "check",
    description = {
      "Reads policies as an application would, and prints every problem as FILE:LINE:COLUMN.",
      "",
      "The status is 1 if there is one."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PolicyCheckCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Mixin private JsonOption json;

  @Parameters(paramLabel = "DIR|FILE", description = "A directory of policies, or one file in it.")
  private Path path;

  PolicyCheckCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException {
    PolicyCheck check = Files.isDirectory(path) ? PolicyDirectory.of(path).check() : checkOfFile();
    Set<String> wrong =
        check.problems().stream().map(PolicyProblem::file).collect(Collectors.toSet());
    List<String> sound =
        check.files().stream().filter(Predicate.not(wrong::contains)).sorted().toList();
    if (json.json) {
      writeJson(sound, check.problems());
    } else {
      print(sound, check.problems());
    }
    return (check.problems().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED).status();
  }

  /** Of one file, with those beside it that it can't be used without, or because of. */
  private PolicyCheck checkOfFile() {
    PolicyCheck all = PolicyDirectory.of(path.resolveSibling("")).check();
    String name = String.valueOf(path.getFileName());
    if (all.files().stream().noneMatch(file -> nameOf(file).equals(name))) {
      String reason =
          Files.exists(path) ? "is no policy file: these end in .yaml" : "there is no such file";
      PolicyProblem problem =
          new PolicyProblem(path.toString(), 1, 1, PolicyProblem.Code.UNREADABLE_FILE, reason);
      return new PolicyCheck(List.of(), List.of(problem));
    }
    return new PolicyCheck(
        all.files().stream().filter(file -> nameOf(file).equals(name)).toList(),
        all.problems().stream()
            .filter(problem -> isLike(problem.file(), name) || isShared(problem.file()))
            .toList());
  }

  /** The same but for the ending: {@code acme.yml} keeps {@code acme.yaml} from being used. */
  private static boolean isLike(String file, String name) {
    return withoutEnding(nameOf(file)).equals(withoutEnding(name));
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static boolean isShared(String file) {
    return nameOf(file).startsWith("defaults.") || nameOf(file).startsWith("ceiling.");
  }

  private static String nameOf(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private void print(List<String> sound, Collection<PolicyProblem> problems) throws IOException {
    for (PolicyProblem problem : problems) {
      stdio.println(Printable.line(problem.toString()));
    }
    for (String file : sound) {
      stdio.println(Printable.line(file + ": ok"));
    }
    if (sound.isEmpty() && problems.isEmpty()) {
      stdio.println("there is no policy here");
    }
  }

  private void writeJson(List<String> sound, Collection<PolicyProblem> problems)
      throws IOException {
    Json.write(
        stdio.out(),
        json -> {
          JsonReporter.strings(json, "ok", sound);
          json.writeArrayFieldStart("problems");
          for (PolicyProblem problem : problems) {
            json.writeStartObject();
            json.writeStringField("file", problem.file());
            json.writeNumberField("line", problem.line());
            json.writeNumberField("column", problem.column());
            json.writeStringField(
                "code", problem.code().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeStringField("message", problem.message());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
