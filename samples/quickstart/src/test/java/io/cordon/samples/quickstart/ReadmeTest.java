package io.cordon.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.PolicyDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true. */
class ReadmeTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

  @TempDir Path scratch;

  @Test
  void theExampleCompiles() throws Exception {
    for (String example : blocks("java")) {
      String source =
          """
          import io.cordon.micrometer.CordonMetrics;
          import io.cordon.samples.quickstart.DiscountRule;
          import io.cordon.samples.quickstart.DiscountRule.Order;
          import io.cordon.sandbox.*;
          import io.micrometer.core.instrument.MeterRegistry;
          import java.nio.file.Path;

          class Example {
            void run(Order order, byte[] pdf, MeterRegistry registry) {
          %s  }
          }
          """
              .formatted(example.indent(4));
      Path file = Files.writeString(scratch.resolve("Example.java"), source);
      StringWriter errors = new StringWriter();
      int status =
          ToolProvider.findFirst("javac")
              .orElseThrow()
              .run(
                  new PrintWriter(errors),
                  new PrintWriter(errors),
                  "-proc:none",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-d",
                  scratch.toString(),
                  file.toString());
      assertThat(status).as(errors.toString()).isZero();
    }
  }

  @Test
  void thePolicyIsOne() throws Exception {
    for (String policy : blocks("yaml")) {
      Files.writeString(scratch.resolve("acme.yaml"), policy);
      assertThat(PolicyDirectory.of(scratch).policy("acme").tenant()).isEqualTo("acme");
    }
  }

  @Test
  void theDependencyIsTheOneOfThisBuild() throws Exception {
    String pom = Files.readString(ROOT.resolve("isolation-process/pom.xml"));
    for (String dependency : blocks("xml")) {
      for (String element : List.of("groupId", "artifactId", "version")) {
        assertThat(pom).contains(find("<" + element + ">[^<]*</" + element + ">", dependency));
      }
    }
  }

  @Test
  void theCommandsAreThere() throws Exception {
    List<String> commands =
        Pattern.compile("\\bbin/\\w+")
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertThat(commands).contains("bin/demo", "bin/verify", "bin/cordon");
    assertThat(commands).allMatch(command -> Files.isExecutable(ROOT.resolve(command)));
  }

  private static List<String> blocks(String language) throws Exception {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .filter(block -> block.group(1).equals(language))
            .map(block -> block.group(2))
            .toList();
    assertThat(blocks).isNotEmpty();
    return blocks;
  }

  private static String find(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow().group();
  }
}
