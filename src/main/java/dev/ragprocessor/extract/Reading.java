package dev.ragprocessor.extract;

import java.nio.file.Path;

/** Where files are read. Thread-safe. */
sealed interface Reading extends AutoCloseable permits ReadingHere, ReadingApart {
  /** See {@link Extractor#extract}. */
  Extracted read(Path content, String objectName, String declaredContentType)
      throws ExtractionException;

  /** See {@link Extractor#isPlain}. */
  boolean isPlain(byte[] content, String objectName);

  /** See {@link Extractor#extractPlain}. */
  Extracted readPlain(byte[] content) throws ExtractionException;

  /** See {@link Extractor#warmUp}. */
  void warmUp();

  @Override
  void close();
}
