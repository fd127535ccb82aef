package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files in this process, each on a platform thread that no other file has meanwhile: a parser
 * that computes for ever would keep a virtual thread's carrier, and soon all of them. One that does
 * not end is left behind, because nothing in Java can end it; what is thrown for want of memory
 * costs the file that asked for it, though another may have taken the memory. {@link ReadingApart}
 * has neither defect.
 */
final class ReadingHere implements Reading {
  private static final Logger LOG = LoggerFactory.getLogger(ReadingHere.class);

  /** Parsers that hand something over end at the limit themselves, with a better message. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** A thread is kept for the next file for so long; making one takes longer than a small file. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final ExecutorService readers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE, // who asks is bounded: ingest.max-extractions
          KEPT.toMillis(),
          TimeUnit.MILLISECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("reading ", 0).factory());
  private final Extraction extraction;
  private final Duration patience;
  private final Duration limit;

  ReadingHere(Extraction extraction, Duration limit) {
    this.extraction = extraction;
    this.limit = limit;
    this.patience = limit.plus(GRACE);
  }

  @Override
  public Extracted read(Path content, String objectName, String declaredContentType)
      throws ExtractionException {
    FutureTask<Extracted> reading =
        new FutureTask<>(() -> extraction.read(content, objectName, declaredContentType));
    readers.execute(reading);
    try {
      return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.error(
          "a parser has not ended {} after the limit, and cannot be ended: reading {} keeps a"
              + " processor until this program ends; extraction.isolation=process would have ended"
              + " it",
          GRACE,
          objectName);
      throw TimeLimit.passed(limit);
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      reading.cancel(true);
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted while reading"));
    }
  }

  @Override
  public boolean isPlain(byte[] content, String objectName) {
    return extraction.isPlain(content, objectName);
  }

  /** On the thread that asks: it takes as long as going over the bytes a few times. */
  @Override
  public Extracted readPlain(byte[] content) throws ExtractionException {
    return extraction.readPlain(content);
  }

  private static ExtractionException failure(Throwable cause) {
    return switch (cause) {
      case ExtractionException e -> e;
      case OutOfMemoryError e ->
          new ExtractionException(
              Reason.TOO_MUCH_MEMORY,
              "Reading this file takes more memory than there is; split it into smaller files.",
              e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a reader throws nothing else", cause);
    };
  }

  @Override
  public void warmUp() {
    extraction.warmUp();
  }

  @Override
  public void close() {
    // Each thread ends with its file.
  }
}
