package com.example.hog;

import io.cordon.samples.pluginhost.contract.MarkdownRenderer;
import io.cordon.samples.pluginhost.contract.Page;
import java.util.ArrayList;
import java.util.List;

/** "Renders" a page by making room for one more revision of it, and one more, for ever. */
public final class MemoryHog implements MarkdownRenderer {
  private static final int REVISION_BYTES = 1 << 20;

  private final List<byte[]> revisions = new ArrayList<>();

  @Override
  public Page render(String markdown) {
    while (true) {
      revisions.add(new byte[REVISION_BYTES]);
    }
  }
}
