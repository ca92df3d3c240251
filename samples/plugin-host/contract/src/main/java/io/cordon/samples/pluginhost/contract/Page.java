package io.cordon.samples.pluginhost.contract;

import java.util.List;

/**
 * A rendered document.
 *
 * @param html what to show; untrusted, as all that a plugin makes
 * @param headings the document's headings, in order
 * @param words how many words it has
 */
public record Page(String html, List<Heading> headings, int words) {

  public Page {
    headings = List.copyOf(headings);
  }

  /**
   * A heading.
   *
   * @param level 1 to 6
   * @param text its text, without mark-up
   */
  public record Heading(int level, String text) {}
}
