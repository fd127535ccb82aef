package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Detection.Detected;
import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads files on the thread that asks, within the limits as far as parsers hand over what they
 * read. Thread-safe.
 */
final class Extraction {
  private final ExtractionSettings settings;
  private final Supplier<Readers> readers = new Once<>(Readers::new);

  Extraction(ExtractionSettings settings) {
    this.settings = settings;
  }

  /** Loads what the first file would otherwise wait for. */
  void warmUp() {
    Readers _ = readers.get();
  }

  /** See {@link Extractor#extract}. */
  Extracted read(Path content, String objectName, String declaredContentType)
      throws ExtractionException {
    if (FileSize.of(content) == 0) {
      throw new ExtractionException(
          Reason.EMPTY, "This file is empty (0 bytes); upload it again.", null);
    }
    Budget budget = new Budget(settings);
    Detected detected = readers.get().detect(content, objectName, declaredContentType);
    Optional<Category> media = detected.kind().category();
    if (media.isPresent()) {
      return new Extracted.Media(detected.mediaType(), media.get());
    }
    return text(detected, budget, passages -> readers.get().read(content, detected, passages));
  }

  /** See {@link Extractor#isPlain}. */
  boolean isPlain(byte[] content, String objectName) {
    return readers.get().isPlain(content, objectName);
  }

  /** See {@link Extractor#extractPlain}. */
  Extracted readPlain(byte[] content) throws ExtractionException {
    Budget budget = new Budget(settings);
    return text(Detection.PLAIN, budget, passages -> Readers.readPlain(content, passages));
  }

  /** Hands over what a document holds, and returns its own title. */
  @FunctionalInterface
  private interface Reader {
    String read(Passages passages) throws ExtractionException;
  }

  private static Extracted.Text text(Detected detected, Budget budget, Reader reader)
      throws ExtractionException {
    Extracted.Text text = read(detected, budget, reader);
    if (text.passages().isEmpty()) {
      throw new ExtractionException(Reason.EMPTY, nothingIn(detected.kind()), null);
    }
    return text;
  }

  private static Extracted.Text read(Detected detected, Budget budget, Reader reader)
      throws ExtractionException {
    try {
      Passages passages = new Passages(budget);
      String title = reader.read(passages);
      List<Passage> found = passages.toList();
      budget.look();
      return new Extracted.Text(
          detected.kind(), detected.mediaType(), CleanText.onOneLine(title), found);
    } catch (LimitReached limit) {
      throw limit.toExtractionException();
    } catch (StackOverflowError e) {
      // Parsers of nested formats recurse. The stack is unwound, so nothing else is harmed.
      throw new ExtractionException(
          Reason.CORRUPT, "This file is nested too deeply to be read.", e);
    } catch (ExtractionException e) {
      // A limit that was reached inside a parser comes back as that parser's failure.
      if (budget.reached().isPresent()) {
        throw budget.reached().get().toExtractionException();
      }
      throw e;
    }
  }

  private static String nothingIn(FileKind kind) {
    return kind == FileKind.PDF
        ? "This PDF has no text layer, only images (a scan?) or nothing at all; run text"
            + " recognition over it and upload it again."
        : "This file contains no text.";
  }
}
