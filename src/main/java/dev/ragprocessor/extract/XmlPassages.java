package dev.ragprocessor.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Turns any XML into passages: the elements that hold nothing but text become lines {@code name:
 * text}, one passage for all that stand side by side in one element (a record); an element that
 * mixes text and elements becomes a paragraph. Attributes are left out. Belongs to one thread.
 */
final class XmlPassages extends DefaultHandler {
  /** An open element, or one to be used again: a record has many, and most are small. */
  private static final class Element {
    String name = "";
    final StringBuilder text = new StringBuilder();
    final StringBuilder lines = new StringBuilder();
    boolean parent;
    boolean mixed; // holds text of its own

    Element begin(String newName) {
      name = newName;
      text.setLength(0);
      lines.setLength(0);
      parent = false;
      mixed = false;
      return this;
    }
  }

  private final Passages passages;
  private final Deque<Element> open = new ArrayDeque<>();
  private final Deque<Element> spare = new ArrayDeque<>();

  XmlPassages(Passages passages) {
    this.passages = passages;
    open.push(new Element());
  }

  @Override
  public void startElement(String uri, String localName, String name, Attributes attributes) {
    passages.budget().tick();
    Element above = open.element();
    above.parent = true;
    Element element = spare.isEmpty() ? new Element() : spare.pop();
    open.push(element.begin(localName.isEmpty() ? name : localName));
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    passages.budget().spend(length);
    Element element = open.element();
    element.text.append(characters, start, length);
    for (int i = start; i < start + length && !element.mixed; i++) {
      element.mixed = !CleanText.isBlank(characters[i]);
    }
  }

  @Override
  public void endElement(String uri, String localName, String name) {
    passages.budget().tick();
    Element element = open.pop();
    Element above = open.element();
    if (!element.parent && above.mixed) {
      above.text.append(element.text);
    } else if (!element.parent) {
      String text = CleanText.onOneLine(element.text);
      if (!text.isEmpty()) {
        above.lines.append(above.lines.isEmpty() ? "" : "\n");
        above.lines.append(element.name).append(": ").append(text);
      }
    } else {
      finish(element);
    }
    spare.push(element);
  }

  private void finish(Element element) {
    passages.cleanParagraph(element.lines.toString());
    passages.cleanParagraph(CleanText.onOneLine(element.text));
  }

  @Override
  public void endDocument() {
    finish(open.element());
  }
}
