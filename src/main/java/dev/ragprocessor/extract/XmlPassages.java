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
  /** An open element. */
  private static final class Element {
    final String name;
    final StringBuilder text = new StringBuilder();
    final StringBuilder lines = new StringBuilder();
    boolean parent;
    boolean mixed; // holds text of its own

    Element(String name) {
      this.name = name;
    }
  }

  private final Passages passages;
  private final Deque<Element> open = new ArrayDeque<>();

  XmlPassages(Passages passages) {
    this.passages = passages;
    open.push(new Element(""));
  }

  @Override
  public void startElement(String uri, String localName, String name, Attributes attributes) {
    passages.budget().tick();
    Element above = open.element();
    above.parent = true;
    open.push(new Element(localName.isEmpty() ? name : localName));
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
        above.lines.append(element.name).append(": ").append(text).append('\n');
      }
    } else {
      finish(element);
    }
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
