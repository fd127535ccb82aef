package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Detection.Detected;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tika.exception.TikaException;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.utils.XMLReaderUtils;
import org.xml.sax.SAXException;

/** The readers of all kinds, and the choice among them. Takes a second to make; thread-safe. */
final class Readers {
  private final Detection detection = new Detection();
  private final TikaReader tika = new TikaReader();
  private final MarkdownReader markdown = new MarkdownReader();

  /** What a file is; see {@link Detection#detect}. */
  Detected detect(Path content, String name, String declaredContentType)
      throws ExtractionException {
    return detection.detect(content, name, declaredContentType);
  }

  /** See {@link Detection#isPlain}. */
  boolean isPlain(byte[] content, String name) {
    return detection.isPlain(content, name);
  }

  /** Reads plain text. */
  static String readPlain(byte[] content, Passages passages) throws ExtractionException {
    passages.budget().requireRoomFor(content.length / 4);
    PlainTextReader.prose(text(content), passages);
    return "";
  }

  /**
   * Reads a document's text.
   *
   * @return its own title, or an empty string
   */
  String read(Path content, Detected detected, Passages passages) throws ExtractionException {
    return switch (detected.kind()) {
      case PDF, WORD, EXCEL, POWERPOINT, OPEN_DOCUMENT -> tika.read(content, detected, passages);
      case OPEN_DOCUMENT_SHEETS, OPEN_DOCUMENT_SLIDES, RTF, EPUB, HTML ->
          tika.read(content, detected, passages);
      case MAIL -> new MailReader(this, passages).read(content);
      case MARKDOWN -> markdown.read(text(content, passages), passages);
      case XML -> xml(content, passages);
      case DELIMITED -> {
        DelimitedReader.read(text(content, passages), passages);
        yield "";
      }
      case JSON -> {
        JsonReader.read(text(content, passages), passages);
        yield "";
      }
      case PLAIN -> {
        PlainTextReader.prose(text(content, passages), passages);
        yield "";
      }
      case CODE -> {
        PlainTextReader.code(text(content, passages), passages);
        yield "";
      }
      case IMAGE, AUDIO, VIDEO -> throw new IllegalArgumentException(detected + " holds no text");
    };
  }

  /** Reads HTML that is no file of its own. */
  void html(String markup, Passages passages) throws ExtractionException {
    tika.html(markup, passages);
  }

  private static String text(Path content, Passages passages) throws ExtractionException {
    // A UTF-16 unit takes at most four bytes in any encoding taken here.
    passages.budget().requireRoomFor(FileSize.of(content) / 4);
    try {
      return text(Files.readAllBytes(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the fetched file", e);
    }
  }

  private static String text(byte[] content) throws ExtractionException {
    return TextDecoder.decode(content)
        .orElseThrow(
            () ->
                new ExtractionException(
                    Reason.UNSUPPORTED,
                    "This file is named like a text, but its content is binary; taken are "
                        + FileKind.NAMES
                        + ".",
                    null));
  }

  private static String xml(Path content, Passages passages) throws ExtractionException {
    try (InputStream stream = Files.newInputStream(content)) {
      // Tika's reader fetches no external entity and bounds the expansion of internal ones.
      XMLReaderUtils.parseSAX(stream, new XmlPassages(passages), new ParseContext());
      return "";
    } catch (SAXException | TikaException e) {
      throw new ExtractionException(
          Reason.CORRUPT,
          "This file is not well-formed XML, or it nests or expands beyond reason; correct it and"
              + " upload it again.",
          e);
    } catch (IOException e) {
      throw new ExtractionException(
          Reason.CORRUPT, "This XML file's encoding is not what it says; save it again.", e);
    }
  }
}
