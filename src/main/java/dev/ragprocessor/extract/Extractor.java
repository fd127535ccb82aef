package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Detection.Detected;
import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.tika.exception.TikaException;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.utils.XMLReaderUtils;
import org.xml.sax.SAXException;

/**
 * Turns a file's bytes into passages, or says for good why it cannot. Thread-safe; one for the
 * whole program. Blocks, and needs a processor rather than a network.
 *
 * <p>The limits of {@link ExtractionSettings} hold while a parser hands over what it reads: a
 * parser that computes for ever without handing anything over ends only with its thread, and one
 * that runs out of memory throws {@link OutOfMemoryError}, which is not caught here.
 */
public final class Extractor {
  private final ExtractionSettings settings;
  private final Supplier<Tools> tools = new Once<>(Tools::new);

  /** What takes a second to set up, and is needed by the first file only. */
  private static final class Tools {
    final Detection detection = new Detection();
    final TikaReader tika = new TikaReader();
    final MarkdownReader markdown = new MarkdownReader();
  }

  /** An extractor with these limits. */
  public Extractor(ExtractionSettings settings) {
    this.settings = settings;
  }

  /** Loads what the first file would otherwise wait for, about a second. May be called again. */
  public void warmUp() {
    Tools _ = tools.get();
  }

  /**
   * Extracts a file. The caller keeps the file, and no other file is left behind.
   *
   * @param objectName its name in the bucket: a hint, the bytes decide
   * @param declaredContentType as the bucket has it, or empty: a weaker hint
   * @throws ExtractionException if its text cannot be had; trying again will not help
   * @throws UncheckedIOException if the file cannot be opened at all
   */
  public Extracted extract(Path content, String objectName, String declaredContentType)
      throws ExtractionException {
    Budget budget = new Budget(settings);
    if (FileSize.of(content) == 0) {
      throw new ExtractionException(
          Reason.EMPTY, "This file is empty (0 bytes); upload it again.", null);
    }
    Detected detected = tools.get().detection.detect(content, objectName, declaredContentType);
    Optional<Category> media = detected.kind().category();
    if (media.isPresent()) {
      return new Extracted.Media(detected.mediaType(), media.get());
    }
    Passages passages = new Passages(budget);
    String title = read(content, detected, passages);
    List<Passage> found = passages.toList();
    if (found.isEmpty()) {
      throw new ExtractionException(Reason.EMPTY, nothingIn(detected.kind()), null);
    }
    return new Extracted.Text(
        detected.kind(), detected.mediaType(), CleanText.onOneLine(CleanText.of(title)), found);
  }

  private String read(Path content, Detected detected, Passages passages)
      throws ExtractionException {
    try {
      String title = readAs(detected, content, passages);
      if (passages.budget().reached().isPresent()) {
        throw passages.budget().reached().get();
      }
      return title;
    } catch (LimitReached limit) {
      throw limit.toExtractionException();
    } catch (StackOverflowError e) {
      // Parsers of nested formats recurse. The stack is unwound, so nothing else is harmed.
      throw new ExtractionException(
          Reason.CORRUPT, "This file is nested too deeply to be read.", e);
    } catch (ExtractionException e) {
      // A limit that was reached inside a parser comes back as that parser's failure.
      if (passages.budget().reached().isPresent()) {
        throw passages.budget().reached().get().toExtractionException();
      }
      throw e;
    }
  }

  private String readAs(Detected detected, Path content, Passages passages)
      throws ExtractionException {
    return switch (detected.kind()) {
      case PDF, WORD, EXCEL, POWERPOINT, OPEN_DOCUMENT ->
          tools.get().tika.read(content, detected, passages);
      case OPEN_DOCUMENT_SHEETS, OPEN_DOCUMENT_SLIDES, RTF, EPUB, HTML ->
          tools.get().tika.read(content, detected, passages);
      case MARKDOWN -> tools.get().markdown.read(text(content, passages), passages);
      case XML -> xml(content, passages);
      case DELIMITED -> {
        DelimitedReader.read(text(content, passages), passages);
        yield "";
      }
      case PLAIN -> {
        PlainTextReader.prose(text(content, passages), passages);
        yield "";
      }
      case JSON, CODE -> {
        PlainTextReader.code(text(content, passages), passages);
        yield "";
      }
      case IMAGE, AUDIO, VIDEO -> throw new IllegalArgumentException(detected + " holds no text");
    };
  }

  private static String text(Path content, Passages passages) throws ExtractionException {
    // A UTF-16 unit takes at most four bytes in any encoding taken here.
    passages.budget().requireRoomFor(FileSize.of(content) / 4);
    try {
      return TextDecoder.decode(Files.readAllBytes(content))
          // A form feed ends a page; it would be cleaned away.
          .map(text -> CleanText.of(text.replace("\f", "\n\n")))
          .orElseThrow(
              () ->
                  new ExtractionException(
                      Reason.UNSUPPORTED,
                      "This file is named like a text, but its content is binary; taken are "
                          + FileKind.NAMES
                          + ".",
                      null));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the fetched file", e);
    }
  }

  private static String xml(Path content, Passages passages) throws ExtractionException {
    try (InputStream stream = Files.newInputStream(content)) {
      // Tika's reader fetches no external entity and bounds the expansion of internal ones.
      XMLReaderUtils.parseSAX(stream, new XmlPassages(passages), new ParseContext());
      return "";
    } catch (SAXException | TikaException e) {
      throw new ExtractionException(
          Reason.CORRUPT,
          "This file is not well-formed XML, or it nests or expands beyond reason; correct it and upload it again.",
          e);
    } catch (IOException e) {
      throw new ExtractionException(
          Reason.CORRUPT, "This XML file's encoding is not what it says; save it again.", e);
    }
  }

  private static String nothingIn(FileKind kind) {
    return kind == FileKind.PDF
        ? "This PDF has no text layer, only images (a scan?) or nothing at all; run text"
            + " recognition over it and upload it again."
        : "This file contains no text.";
  }
}
