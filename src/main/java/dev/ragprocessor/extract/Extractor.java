package dev.ragprocessor.extract;

import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Turns a file's bytes into passages, or says for good why it cannot. Thread-safe; one for the
 * whole program. Blocks, and needs a processor rather than a network.
 *
 * <p>The limits of {@link ExtractionSettings} hold while a parser hands over what it reads. Against
 * one that computes for ever, or wants more memory than there is, only {@link
 * Isolation.ChildProcess} helps; without it such a parser's thread is left behind, and the file
 * fails all the same.
 */
public final class Extractor implements AutoCloseable {
  private final Reading reading;

  /** An extractor with these limits, in this process. */
  public Extractor(ExtractionSettings settings) {
    this(settings, new Isolation.None());
  }

  /** An extractor with these limits; starts a child process only when the first file comes. */
  public Extractor(ExtractionSettings settings, Isolation isolation) {
    this.reading =
        switch (isolation) {
          case Isolation.None() -> new ReadingHere(new Extraction(settings), settings.timeLimit());
          case Isolation.ChildProcess(long memoryBytes) -> new ReadingApart(settings, memoryBytes);
        };
  }

  /** Loads what the first file would otherwise wait for, a second or two. May be called again. */
  public void warmUp() {
    reading.warmUp();
  }

  /**
   * Extracts a file. The caller keeps the file, and no other file is left behind.
   *
   * @param objectName its name in the bucket: a hint, the bytes decide
   * @param declaredContentType as the bucket has it, or empty: a weaker hint
   * @throws ExtractionException if its text cannot be had; trying again will not help
   * @throws UncheckedIOException if the file cannot be opened at all, no child process can be
   *     started, or the thread is interrupted: that is not the file's fault
   */
  public Extracted extract(Path content, String objectName, String declaredContentType)
      throws ExtractionException {
    return reading.read(content, objectName, declaredContentType);
  }

  /**
   * Whether a small file is plain text beyond doubt, and may be read in this process: then it needs
   * none of the care that parsers do.
   */
  public boolean isPlain(byte[] content, String objectName) {
    return reading.isPlain(content, objectName);
  }

  /**
   * Extracts such a file on the thread that asks.
   *
   * @throws ExtractionException as {@link #extract}
   */
  public Extracted extractPlain(byte[] content) throws ExtractionException {
    return reading.readPlain(content);
  }

  /** Ends the child processes, if there are any. Files that are being read fail. */
  @Override
  public void close() {
    reading.close();
  }
}
