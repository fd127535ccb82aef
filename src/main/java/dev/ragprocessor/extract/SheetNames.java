package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.xml.parsers.SAXParser;
import org.apache.tika.exception.TikaException;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.apache.tika.sax.OfflineContentHandler;
import org.apache.tika.utils.XMLReaderUtils;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXNotRecognizedException;
import org.xml.sax.SAXNotSupportedException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The names of an OpenDocument spreadsheet's sheets. Tika's parser does not hand them over; this is
 * an XML parser for it that overhears each name just before the sheet's table comes, so that the
 * sheets need not be parsed once more. Belongs to one thread.
 */
final class SheetNames extends SAXParser implements Supplier<Optional<String>> {
  private static final String TABLES = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";

  /** Below the document's content, its body and the spreadsheet. */
  private static final int DEPTH_OF_SHEETS = 4;

  private final SAXParser parser;
  private Optional<String> next = Optional.empty();

  SheetNames() throws TikaException {
    this.parser = XMLReaderUtils.getSAXParser();
  }

  /** The name of the sheet that begins, once. */
  @Override
  public Optional<String> get() {
    Optional<String> name = next;
    next = Optional.empty();
    return name;
  }

  @Override
  public void parse(InputStream content, DefaultHandler handler) throws SAXException, IOException {
    parser.parse(content, new OfflineContentHandler(new Overhearing(handler)));
  }

  private final class Overhearing extends ContentHandlerDecorator {
    private int depth;

    Overhearing(ContentHandler handler) {
      super(handler);
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes)
        throws SAXException {
      depth++;
      if (depth == DEPTH_OF_SHEETS && name.equals("table") && uri.equals(TABLES)) {
        next = Optional.of(Objects.requireNonNullElse(attributes.getValue(TABLES, "name"), ""));
      }
      super.startElement(uri, name, qName, attributes);
    }

    @Override
    public void endElement(String uri, String name, String qName) throws SAXException {
      depth--;
      super.endElement(uri, name, qName);
    }
  }

  @Override
  @Deprecated
  public org.xml.sax.Parser getParser() throws SAXException {
    return parser.getParser();
  }

  @Override
  public XMLReader getXMLReader() throws SAXException {
    return parser.getXMLReader();
  }

  @Override
  public boolean isNamespaceAware() {
    return parser.isNamespaceAware();
  }

  @Override
  public boolean isValidating() {
    return parser.isValidating();
  }

  @Override
  public void setProperty(String name, Object value)
      throws SAXNotRecognizedException, SAXNotSupportedException {
    parser.setProperty(name, value);
  }

  @Override
  public Object getProperty(String name)
      throws SAXNotRecognizedException, SAXNotSupportedException {
    return parser.getProperty(name);
  }
}
