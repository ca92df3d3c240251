package io.cordon.samples.pluginhost.contract;

/** Turns Markdown into a page. A tenant's plugin implements it. */
public interface MarkdownRenderer {

  /** Renders one document. */
  Page render(String markdown);
}
