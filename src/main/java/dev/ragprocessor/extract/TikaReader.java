package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Detection.Detected;
import dev.ragprocessor.extract.ExtractionException.Reason;
import dev.ragprocessor.extract.XhtmlPassages.Dialect;
import dev.ragprocessor.extract.ZipParts.Guard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import javax.xml.parsers.SAXParser;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.DocumentSelector;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.HttpHeaders;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.parser.CompositeParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads the kinds for which Tika has a parser. Only the parsers named here can ever run: nothing is
 * looked up on the class path, no outside program is started, embedded documents and macros are
 * left alone. Thread-safe.
 */
final class TikaReader {
  /** What PDFBox keeps in memory of one file; the rest goes to a temporary file. */
  private static final long PDF_MEMORY_BYTES = 32L << 20;

  /** An HTML page becomes a tree of ten times its size, so less markup is bearable. */
  private static final long HTML_BYTES_PER_CHARACTER = 2;

  private final JSoupParser html = new JSoupParser();
  private final Parser parser =
      new CompositeParser(
          MediaTypeRegistry.getDefaultRegistry(),
          new PDFParser(),
          new OOXMLParser(),
          new OfficeParser(),
          new OpenDocumentParser(),
          new RTFParser(),
          MeasuredChapters.books(),
          html);

  TikaReader() {
    OfficeFiles.use();
  }

  /**
   * Reads a file.
   *
   * @return the document's own title, or an empty string
   */
  String read(Path content, Detected detected, Passages passages) throws ExtractionException {
    before(content, detected, passages.budget());
    Metadata metadata = new Metadata();
    ParseContext context = context();
    try (TikaInputStream stream = TikaInputStream.get(content, metadata)) {
      if (detected.kind().isOpenDocument()) {
        stream.setOpenContainer(new MeasuredArchive(content, passages.budget()));
      }
      context.set(Unpacked.class, new Unpacked(content, passages.budget()));
      metadata.set(HttpHeaders.CONTENT_TYPE, detected.mediaType());
      Supplier<Optional<String>> sheets = sheets(detected.kind(), context);
      parser.parse(
          stream, new XhtmlPassages(passages, dialect(detected.kind()), sheets), metadata, context);
    } catch (EncryptedDocumentException e) {
      throw locked(content, detected.kind(), e);
    } catch (TikaException | SAXException | IOException e) {
      if (isManaged(content, detected.kind())) {
        throw locked(content, detected.kind(), e);
      }
      throw new ExtractionException(
          Reason.CORRUPT,
          "This file is damaged or incomplete and cannot be read as "
              + detected.kind().title()
              + "; open it where it was made, save it again and upload the new file.",
          e);
    }
    return Optional.ofNullable(metadata.get(TikaCoreProperties.TITLE)).orElse("");
  }

  /** Where the names of worksheets come from that are no part of what the parser hands over. */
  private static Supplier<Optional<String>> sheets(FileKind kind, ParseContext context)
      throws TikaException {
    if (kind != FileKind.OPEN_DOCUMENT_SHEETS) {
      return Optional::empty;
    }
    SheetNames names = new SheetNames();
    context.set(SAXParser.class, names);
    return names;
  }

  private static ExtractionException locked(Path content, FileKind kind, Exception cause) {
    // Only a reader's program has the key of a book: there is no password to take off.
    boolean managed = kind == FileKind.EPUB || isManaged(content, kind);
    return new ExtractionException(
        Reason.ENCRYPTED,
        "This "
            + kind.title()
            + (managed
                ? " file is protected by rights management (DRM); upload it without."
                : " file is protected by a password; upload it without one."),
        cause);
  }

  private static boolean isManaged(Path content, FileKind kind) {
    return kind == FileKind.PDF && PdfProtection.isManaged(content);
  }

  /**
   * Reads HTML that is no file of its own.
   *
   * @throws ExtractionException if it is not to be read
   */
  void html(String markup, Passages passages) throws ExtractionException {
    passages.budget().requireRoomFor(markup.length() / HTML_BYTES_PER_CHARACTER);
    try {
      html.parseString(
          markup,
          new XhtmlPassages(passages, Dialect.HTML, Optional::empty),
          new Metadata(),
          new ParseContext());
    } catch (SAXException e) {
      throw new ExtractionException(
          Reason.CORRUPT, "This HTML cannot be read; save it again as plain text.", e);
    }
  }

  /** Looks at the file before its parser does. */
  private static void before(Path content, Detected detected, Budget budget)
      throws ExtractionException {
    switch (detected.kind()) {
      case HTML -> budget.requireRoomFor(FileSize.of(content) / HTML_BYTES_PER_CHARACTER);
      case OPEN_DOCUMENT, OPEN_DOCUMENT_SHEETS, OPEN_DOCUMENT_SLIDES ->
          ZipParts.check(content, Guard.PARSER, budget);
      case WORD, EXCEL, POWERPOINT -> {
        // The formats before 2007 are no archives.
        if (!detected.mediaType().matches("application/(msword|vnd\\.ms-(excel|powerpoint))")) {
          ZipParts.check(content, Guard.PARSER, budget);
        }
      }
      case EPUB -> ZipParts.check(content, Guard.STREAMS, budget);
      case PDF, RTF, MAIL, MARKDOWN, DELIMITED, XML, JSON, PLAIN, CODE, IMAGE, AUDIO, VIDEO -> {
        // nothing is known before
      }
    }
  }

  private static Dialect dialect(FileKind kind) {
    return switch (kind) {
      case HTML, EPUB -> Dialect.HTML;
      case OPEN_DOCUMENT_SLIDES -> Dialect.SLIDES;
      case PDF, WORD, EXCEL, POWERPOINT, RTF, MAIL -> Dialect.OFFICE;
      case OPEN_DOCUMENT, OPEN_DOCUMENT_SHEETS -> Dialect.OFFICE;
      case MARKDOWN, DELIMITED, XML, JSON, PLAIN, CODE -> Dialect.OFFICE;
      case IMAGE, AUDIO, VIDEO -> Dialect.OFFICE;
    };
  }

  private static ParseContext context() {
    ParseContext context = new ParseContext();
    OfficeParserConfig office = new OfficeParserConfig();
    // The DOM extractors take gigabytes for a small file with millions of paragraphs.
    office.setUseSAXDocxExtractor(true);
    office.setUseSAXPptxExtractor(true);
    office.setExtractMacros(false);
    office.setIncludeDeletedContent(false);
    office.setIncludeSlideMasterContent(false);
    context.set(OfficeParserConfig.class, office);
    PDFParserConfig pdf = new PDFParserConfig();
    pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
    pdf.setExtractInlineImages(false);
    pdf.setExtractBookmarksText(false);
    pdf.setMaxMainMemoryBytes(PDF_MEMORY_BYTES);
    context.set(PDFParserConfig.class, pdf);
    context.set(DocumentSelector.class, embedded -> false);
    // Parsers that find none make one, and load all of Tika's configuration for it, for each file.
    context.set(EmbeddedDocumentExtractor.class, new LeftAlone());
    return context;
  }

  /** Takes no embedded document. */
  private static final class LeftAlone implements EmbeddedDocumentExtractor {
    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
      return false;
    }

    @Override
    public void parseEmbedded(
        InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
      // see shouldParseEmbedded
    }
  }
}
