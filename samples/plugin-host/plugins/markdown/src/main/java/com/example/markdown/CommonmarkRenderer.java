package com.example.markdown;

import io.cordon.samples.pluginhost.contract.MarkdownRenderer;
import io.cordon.samples.pluginhost.contract.Page;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Renders Markdown, with GitHub's tables, by commonmark-java. */
public final class CommonmarkRenderer implements MarkdownRenderer {
  private final Parser parser;
  private final HtmlRenderer renderer;

  /** Creates the renderer. */
  public CommonmarkRenderer() {
    List<Extension> extensions = List.of(TablesExtension.create());
    parser = Parser.builder().extensions(extensions).build();
    renderer =
        HtmlRenderer.builder().extensions(extensions).escapeHtml(true).sanitizeUrls(true).build();
  }

  @Override
  public Page render(String markdown) {
    Node document = parser.parse(markdown);
    Outline outline = Outline.of(document);
    return new Page(renderer.render(document), outline.headings(), outline.words());
  }
}
