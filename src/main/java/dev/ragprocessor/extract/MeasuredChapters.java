package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.InputStream;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.ParserDecorator;
import org.apache.tika.parser.epub.EpubContentParser;
import org.apache.tika.parser.epub.EpubParser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads a book's chapters as Tika does, and measures what is unpacked of them: its parser opens the
 * archive itself, so that they could otherwise only be measured by unpacking them twice. The
 * context has the {@link Unpacked}. Thread-safe.
 */
final class MeasuredChapters extends ParserDecorator {
  private static final long serialVersionUID = 1L;

  private MeasuredChapters() {
    super(new EpubContentParser());
  }

  /** A parser of books whose chapters are measured. */
  static EpubParser books() {
    EpubParser books = new EpubParser();
    books.setContentParser(new MeasuredChapters());
    return books;
  }

  @Override
  public void parse(
      InputStream chapter, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    super.parse(context.get(Unpacked.class).measured(chapter), handler, metadata, context);
  }
}
