package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package's page is the manual: what it says of the format is what the format is. */
class ManualTest {
  private static final Pattern SNIPPET =
      Pattern.compile("\\{@snippet lang=\"yaml\" :\n(.*?)\n }\n", Pattern.DOTALL);

  @Test
  void everyKeyIsListedWithItsValuesAndDefault() throws IOException {
    String manual = manual().replaceAll("\\{@code ([^}]*)}", "`$1`").replaceAll("\\s+", " ");

    assertThat(PolicyFormat.keys().stream().map(ManualTable::line))
        .allSatisfy(line -> assertThat(manual).contains("<li>" + line));
  }

  @Test
  void everyKeyThatIsNotSupportedYetIsListed() throws IOException {
    String manual = manual().replaceAll("\\s+", " ");

    assertThat(unsupported(PolicyFormat.SHARED).stream().map(Unsupported::path))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(manual).contains("{@code " + key + "}"));
  }

  @Test
  void theExamplesAreRight(@TempDir Path directory) throws IOException {
    List<String> examples = examples();

    PolicyFiles files =
        new PolicyFiles(directory)
            .with("acme.yaml", examples.get(0))
            .with("ceiling.yaml", examples.get(1));

    assertThat(files.messages()).isEmpty();
    assertThat(files.policy().limits().admission().tasksConcurrent()).hasValue(8);
  }

  /** The YAML of the manual: a tenant's policy, and a ceiling. */
  static List<String> examples() throws IOException {
    return SNIPPET
        .matcher(manual())
        .results()
        .map(MatchResult::group)
        .map(snippet -> snippet.lines().map(line -> line.replaceFirst("^ ", "")).toList())
        .map(lines -> String.join("\n", lines.subList(1, lines.size() - 1)) + "\n")
        .toList();
  }

  private static String manual() throws IOException {
    return Files.readString(Path.of("src/main/java/io/cordon/policy/package-info.java"))
        .replaceAll("(?m)^ \\*", "");
  }

  private static List<Unsupported> unsupported(Section section) {
    return section.entries().stream()
        .flatMap(
            entry ->
                switch (entry) {
                  case Section inner -> unsupported(inner).stream();
                  case Unsupported one -> Stream.of(one);
                  case Key<?> _ -> Stream.<Unsupported>empty();
                })
        .toList();
  }
}
