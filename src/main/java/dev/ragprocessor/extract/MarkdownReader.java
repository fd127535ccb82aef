package dev.ragprocessor.extract;

import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jsoup.Jsoup;

/**
 * Reads Markdown (CommonMark 0.31 with GitHub's tables): marks of emphasis and links' addresses are
 * left out, as they say nothing to an embedding. Thread-safe.
 */
final class MarkdownReader {
  /** Bounds the recursion below; deeper nesting becomes plain text. */
  private static final int DEEPEST_BLOCKS = 60;

  /** A tree of the whole text is kept, at some fifty times its size; longer text is prose. */
  private static final int LONGEST = 1_000_000;

  private final Parser parser =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .maxOpenBlockParsers(DEEPEST_BLOCKS)
          .build();

  /** Returns the title: the first heading of the first level, or an empty string. */
  String read(String markdown, Passages passages) {
    if (markdown.length() > LONGEST) {
      PlainTextReader.prose(markdown, passages);
      return "";
    }
    passages.budget().spend(markdown.length());
    int body = endOfFrontMatter(markdown);
    passages.paragraph(markdown.substring(0, body).replace("---", ""));
    Node document = parser.parse(markdown.substring(body));
    passages.budget().tick();
    blocks(document, passages);
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading heading && heading.getLevel() == 1) {
        return CleanText.onOneLine(inline(heading));
      }
    }
    return "";
  }

  private static void blocks(Node parent, Passages passages) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
      switch (node) {
        case Heading heading -> passages.heading(heading.getLevel(), inline(heading));
        case FencedCodeBlock code -> passages.code(code.getLiteral());
        case IndentedCodeBlock code -> passages.code(code.getLiteral());
        case HtmlBlock html -> passages.paragraph(Jsoup.parse(html.getLiteral()).text());
        case TableBlock table -> table(table, passages);
        case ListBlock list -> {
          ListLines lines = new ListLines();
          list(list, lines, passages);
          passages.cleanParagraph(lines.take());
        }
        case BlockQuote quote -> blocks(quote, passages);
        default -> passages.paragraph(inline(node));
      }
    }
  }

  private static void list(ListBlock list, ListLines lines, Passages passages) {
    lines.startList();
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      if (item instanceof ListItem) {
        lines.startItem();
      }
      for (Node node = item.getFirstChild(); node != null; node = node.getNext()) {
        passages.budget().tick();
        if (node instanceof ListBlock nested) {
          list(nested, lines, passages);
        } else {
          lines.item().append(inline(node)).append(' ');
        }
      }
    }
    lines.endList();
  }

  private static void table(TableBlock table, Passages passages) {
    TableRows rows = new TableRows(passages);
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row instanceof TableRow; row = row.getNext()) {
        rows.startRow();
        for (Node cell = row.getFirstChild(); cell instanceof TableCell; cell = cell.getNext()) {
          rows.cell(inline(cell));
        }
      }
    }
    rows.finish();
  }

  /** All text below a node, without recursion: inline nesting is as deep as an author likes. */
  private static String inline(Node root) {
    StringBuilder text = new StringBuilder();
    Node node = root;
    while (true) {
      append(node, text);
      if (node.getFirstChild() != null) {
        node = node.getFirstChild();
        continue;
      }
      while (!node.equals(root) && node.getNext() == null) {
        node = node.getParent();
      }
      if (node.equals(root)) {
        return text.toString();
      }
      node = node.getNext();
    }
  }

  private static void append(Node node, StringBuilder text) {
    switch (node) {
      case Text words -> text.append(words.getLiteral());
      case Code code -> text.append(code.getLiteral());
      case FencedCodeBlock code -> text.append(code.getLiteral());
      case IndentedCodeBlock code -> text.append(code.getLiteral());
      case SoftLineBreak ignored -> text.append(' ');
      case HardLineBreak ignored -> text.append('\n');
      case Block ignored -> text.append(' ');
      default -> {
        // Emphasis, links and images: their text follows.
      }
    }
  }

  /** The length of a leading block of metadata between two lines {@code ---}, or 0. */
  private static int endOfFrontMatter(String markdown) {
    if (!markdown.startsWith("---\n")) {
      return 0;
    }
    int end = markdown.indexOf("\n---\n", 3);
    return end < 0 ? 0 : end + "\n---\n".length();
  }
}
