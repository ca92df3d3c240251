package io.cordon.samples.cli;

import io.cordon.policy.PolicyDirectory;
import io.cordon.policy.PolicyException;
import io.cordon.policy.PolicyProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
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
  private static final String SUFFIX = ".yaml";

  private final Stdio stdio;

  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "A directory of policies, or the file of one tenant in it.")
  private Path path;

  PolicyCheckCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException {
    Set<PolicyProblem> problems = new LinkedHashSet<>(); // a shared file's come once per tenant
    List<String> sound = new ArrayList<>();
    boolean whole = Files.isDirectory(path);
    PolicyDirectory directory = PolicyDirectory.of(whole ? path : path.resolveSibling(""));
    for (String tenant : whole ? directory.tenants() : List.of(tenantOf(path))) {
      try {
        sound.add(directory.policy(tenant).tenant());
      } catch (PolicyException e) {
        problems.addAll(e.problems());
      }
    }
    if (json.json) {
      writeJson(sound, problems);
    } else {
      print(sound, problems);
    }
    return (problems.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED).status();
  }

  private static String tenantOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  private void print(List<String> sound, Collection<PolicyProblem> problems) throws IOException {
    for (PolicyProblem problem : problems) {
      stdio.println(Printable.line(problem.toString()));
    }
    for (String tenant : sound) {
      stdio.println(tenant + ": ok");
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
