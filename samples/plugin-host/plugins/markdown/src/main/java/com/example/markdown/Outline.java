package com.example.markdown;

import io.cordon.samples.pluginhost.contract.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;

/** What there is in a document, apart from its looks. */
record Outline(List<Page.Heading> headings, int words) {

  static Outline of(Node document) {
    Reader reader = new Reader();
    document.accept(reader);
    return new Outline(reader.headings, reader.words);
  }

  private static final class Reader extends AbstractVisitor {
    private final List<Page.Heading> headings = new ArrayList<>();
    private final StringBuilder heading = new StringBuilder();
    private int words;

    @Override
    public void visit(Heading node) {
      heading.setLength(0);
      visitChildren(node);
      headings.add(new Page.Heading(node.getLevel(), heading.toString()));
    }

    @Override
    public void visit(Text node) {
      read(node.getLiteral());
    }

    @Override
    public void visit(Code node) {
      read(node.getLiteral());
    }

    private void read(String text) {
      heading.append(text);
      words += new StringTokenizer(text).countTokens();
    }
  }
}
