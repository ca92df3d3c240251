package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A plugin to show, on a real document, and what has to come of it.
 *
 * @param document what it is given: the name of one of the showcase's documents
 * @param expected whether a response, as JSON, is the one that it should be
 */
record Exhibit(PluginId plugin, String document, Predicate<JsonNode> expected) {

  /** All of them, in the order in which they are shown. */
  static List<Exhibit> all() {
    return List.of(
        new Exhibit(
            new PluginId("blog", "markdown"),
            "article.md",
            response -> {
              String html = response.at("/result/html").asText();
              return html.contains("<th align=\"left\">Layer</th>")
                  && !html.contains("javascript:")
                  && response.at("/result/headings/3/text").asText().startsWith("Links")
                  && response.at("/result/words").asInt() > 100;
            }),
        new Exhibit(
            new PluginId("shop", "invoice"),
            "order.json",
            response -> {
              String html = response.at("/result").asText();
              return html.contains("to pay 138.84 GBP") && html.contains("Ada &amp; Sons");
            }),
        new Exhibit(
            new PluginId("archive", "pdf-text"),
            "bzip2-manual.pdf",
            response -> {
              String text = response.at("/result").asText();
              return text.contains("Julian Seward") && text.contains("BZ2_bzCompressInit");
            }),
        new Exhibit(new PluginId("blog", "memory-hog"), "article.md", stoppedAt("memory.max")),
        // On a busy host the clock may be faster than the processor.
        new Exhibit(
            new PluginId("shop", "endless-loop"), "order.json", stoppedAt("cpu.time", "wall.max")));
  }

  private static Predicate<JsonNode> stoppedAt(String... limits) {
    return response -> Set.of(limits).contains(response.at("/limit/name").asText());
  }

  /** The document. */
  byte[] input() throws IOException {
    try (InputStream in = Exhibit.class.getResourceAsStream("showcase/" + document)) {
      return Objects.requireNonNull(in, document).readAllBytes();
    }
  }
}
