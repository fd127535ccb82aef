package dev.ragprocessor.extract;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Turns the XHTML that Tika's parsers emit into passages: headings, paragraphs, lists, tables,
 * preformatted text, pages, slides and worksheets. Keeps no tree, so depth costs nothing. Belongs
 * to one thread.
 */
final class XhtmlPassages extends DefaultHandler {
  /** How a parser writes what XHTML has no words for. */
  enum Dialect {
    /** White space is white space. */
    HTML,
    /** A line end inside a paragraph is one of the page or of the author. */
    OFFICE,
    /** As {@link #OFFICE}, and each outermost division is a slide. */
    SLIDES
  }

  private static final int LONGEST_SLIDE_TITLE = 120;

  private final Passages passages;
  private final Dialect dialect;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder cell = new StringBuilder();
  private final ListLines list = new ListLines();
  private Optional<TableRows> table = Optional.empty();
  private boolean inCell;
  private int nestedTables;
  private int hidden;
  private int divisions;
  private boolean sheetNameFollows;
  private boolean slideTitleFollows;
  private final Supplier<Optional<String>> sheets;

  /**
   * @param sheets asked when an outermost table begins: its name, when it is a worksheet
   */
  XhtmlPassages(Passages passages, Dialect dialect, Supplier<Optional<String>> sheets) {
    this.passages = passages;
    this.dialect = dialect;
    this.sheets = sheets;
  }

  @Override
  public void startElement(String uri, String localName, String name, Attributes attributes) {
    passages.budget().tick();
    switch (localName.toLowerCase(Locale.ROOT)) {
      case "head", "script", "style", "template" -> hidden++;
      case "table" -> startTable();
      case "tr" -> startRow();
      case "td", "th" -> startCell();
      case "ul", "ol", "dl" -> startList();
      case "li", "dt", "dd" -> startItem();
      case "br" -> current().append('\n');
      case "img" -> alternative(attributes);
      case "div" -> startDivision(attributes);
      case "p", "pre", "section", "article", "blockquote", "caption", "address", "hr" -> endBlock();
      case "h1", "h2", "h3", "h4", "h5", "h6" -> endBlock();
      default -> {
        // Everything else runs on within its line: emphasis, links, spans.
      }
    }
  }

  @Override
  public void endElement(String uri, String localName, String name) {
    passages.budget().tick();
    String element = localName.toLowerCase(Locale.ROOT);
    switch (element) {
      case "head", "script", "style", "template" -> hidden--;
      case "table" -> endTable();
      case "td", "th" -> endCell();
      case "ul", "ol", "dl" -> endList();
      case "pre" -> endPreformatted();
      case "div" -> endDivision();
      case "h1", "h2", "h3", "h4", "h5", "h6" -> endHeading(element.charAt(1) - '0');
      case "p", "section", "article", "blockquote", "caption", "address" -> endBlock();
      default -> {
        // see startElement
      }
    }
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    if (hidden > 0) {
      passages.budget().tick();
      return;
    }
    passages.budget().spend(length);
    current().append(characters, start, length);
  }

  @Override
  public void ignorableWhitespace(char[] characters, int start, int length) {
    characters(characters, start, length);
  }

  /** A parser that gave up half-way leaves elements open: what they held is kept. */
  @Override
  public void endDocument() {
    nestedTables = 0;
    endTable();
    while (list.open()) {
      endList();
    }
    endBlock();
  }

  private StringBuilder current() {
    if (inCell) {
      return cell;
    }
    return list.open() ? list.item() : text;
  }

  /** In a cell or an item, blocks run on in one line. */
  private boolean runsOn() {
    return inCell || list.open();
  }

  private void endBlock() {
    if (runsOn()) {
      current().append(' ');
    } else if (!text.isEmpty()) {
      String block =
          dialect == Dialect.HTML ? CleanText.onOneLine(text) : CleanText.onItsLines(text);
      text.setLength(0);
      paragraph(block);
    }
  }

  /** Parsers do not tell a slide's title, but it comes first. */
  private void paragraph(String block) {
    boolean title =
        slideTitleFollows && block.length() <= LONGEST_SLIDE_TITLE && block.indexOf('\n') < 0;
    slideTitleFollows &= block.isEmpty();
    if (title) {
      passages.heading(1, block);
    } else {
      passages.cleanParagraph(block);
    }
  }

  private void endHeading(int level) {
    if (runsOn()) {
      endBlock();
    } else if (sheetNameFollows) {
      passages.sheet(take());
      sheetNameFollows = false;
    } else {
      passages.heading(level, take());
    }
  }

  private void endPreformatted() {
    if (runsOn()) {
      endBlock();
    } else {
      passages.code(take());
    }
  }

  private String take() {
    String taken = text.toString();
    text.setLength(0);
    return taken;
  }

  private void startDivision(Attributes attributes) {
    endBlock();
    String kind = Optional.ofNullable(attributes.getValue("class")).orElse("");
    boolean slide = dialect == Dialect.SLIDES && divisions == 0;
    divisions++;
    switch (kind) {
      case "page" -> passages.nextPage();
      case "slide-content", "slide" -> nextSlide();
      case "sheet" -> sheetNameFollows = true;
      default -> {
        if (slide) {
          nextSlide();
        }
      }
    }
  }

  private void nextSlide() {
    passages.nextPage();
    slideTitleFollows = true;
  }

  private void endDivision() {
    endBlock();
    divisions--;
  }

  private void startTable() {
    if (runsOn() || table.isPresent()) {
      nestedTables++;
      endBlock();
    } else {
      endBlock();
      sheets.get().ifPresent(passages::sheet);
      table = Optional.of(new TableRows(passages));
    }
  }

  private void startRow() {
    if (nestedTables > 0 || runsOn()) {
      endBlock();
    } else {
      table.ifPresent(TableRows::startRow);
    }
  }

  private void startCell() {
    if (nestedTables > 0 || runsOn()) {
      endBlock();
    } else {
      inCell = table.isPresent();
    }
  }

  private void endCell() {
    if (nestedTables == 0 && inCell) {
      table.ifPresent(rows -> rows.cell(cell));
      cell.setLength(0);
      inCell = false;
    }
  }

  private void endTable() {
    if (nestedTables > 0) {
      nestedTables--;
      endBlock();
      return;
    }
    endCell();
    // A caption, or text that stands in the table but in no cell.
    endBlock();
    table.ifPresent(TableRows::finish);
    table = Optional.empty();
  }

  private void startList() {
    if (inCell) {
      endBlock();
    } else {
      if (!list.open()) {
        endBlock();
        slideTitleFollows = false;
      }
      list.startList();
    }
  }

  private void startItem() {
    if (!inCell && list.open()) {
      list.startItem();
    } else {
      endBlock();
    }
  }

  private void endList() {
    if (inCell || !list.open()) {
      endBlock();
      return;
    }
    list.endList();
    if (!list.open()) {
      passages.cleanParagraph(list.take());
    }
  }

  private void alternative(Attributes attributes) {
    String alternative = attributes.getValue("alt");
    if (alternative != null && hidden == 0) {
      passages.budget().spend(alternative.length());
      current().append(' ').append(alternative).append(' ');
    }
  }
}
