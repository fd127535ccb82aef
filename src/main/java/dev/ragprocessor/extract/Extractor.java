package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Detection.Detected;
import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
  private final Supplier<Readers> readers = new Once<>(Readers::new);

  /** An extractor with these limits. */
  public Extractor(ExtractionSettings settings) {
    this.settings = settings;
  }

  /** Loads what the first file would otherwise wait for, about a second. May be called again. */
  public void warmUp() {
    Readers _ = readers.get();
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
    Detected detected = readers.get().detect(content, objectName, declaredContentType);
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
      String title = readers.get().read(content, detected, passages);
      passages.budget().throwIfReached();
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

  private static String nothingIn(FileKind kind) {
    return kind == FileKind.PDF
        ? "This PDF has no text layer, only images (a scan?) or nothing at all; run text"
            + " recognition over it and upload it again."
        : "This file contains no text.";
  }
}
