package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.extract.Extracted;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.MediaHead;
import dev.ragprocessor.extract.media.MediaReader;
import dev.ragprocessor.extract.media.Medium;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Brings media before models: where they lie in the bucket, or from a file that was fetched. Safe
 * for use by many threads.
 */
final class MediaAccess {
  /** A request takes several times the heap of the file that goes along. */
  private static final int SENT_ALONG_AT_ONCE = 16 << 20;

  private final MediaReader reader;
  private final ObjectStore objects;
  private final MediaHead head = new MediaHead();
  private final Semaphore sentAlong = new Semaphore(SENT_ALONG_AT_ONCE, true);

  MediaAccess(MediaReader reader, ObjectStore objects) {
    this.reader = reader;
    this.objects = objects;
  }

  /** What is done with a medium while models can read it. */
  interface Reading<R> {
    R of(Medium medium) throws ExtractionException, InterruptedException;
  }

  /** Whether an object may turn out to be a medium that models read where it lies. */
  boolean mayBeReadInBucket(ObjectAttributes object) {
    return reader.readsBuckets()
        && objects.isReadByModels()
        && head.isLikely(object.object().name(), object.contentType());
  }

  /** Promises which medium the live object is, if it is one that models read where it lies. */
  Optional<Extracted.Media> inBucket(BucketBytes bytes) {
    ObjectAttributes object = bytes.object();
    if (object.size() < 1 || object.customerEncrypted()) {
      // Fetching it says what is wrong.
      return Optional.empty();
    }
    return told(bytes.beginning(), object).filter(media -> reader.readsInBucket(media.mediaType()));
  }

  /**
   * Promises which medium an object is, by its first bytes, if it is one that is taken.
   *
   * @param beginning its first {@link MediaHead#BYTES} bytes, or all
   */
  Optional<Extracted.Media> told(byte[] beginning, ObjectAttributes object) {
    return head.of(beginning, object.object().name(), object.contentType());
  }

  /**
   * Promises the reading's result of a medium that is read in its bucket.
   *
   * @throws ExtractionException when it cannot be read at all
   */
  <R> R readInBucket(Extracted.Media media, BucketBytes bytes, Reading<R> reading)
      throws ExtractionException, InterruptedException {
    String path = bytes.object().object().path();
    try (Medium medium = reader.inBucket(path, media.mediaType(), media.category(), bytes)) {
      return reading.of(medium);
    }
  }

  /**
   * Promises the reading's result of a medium that was fetched.
   *
   * @param size of the file in bytes
   * @throws ExtractionException when it cannot be read at all
   */
  <R> R readFetched(Extracted.Media media, Path content, long size, Reading<R> reading)
      throws ExtractionException, InterruptedException {
    boolean along = reader.sendsAlong(size, media.category());
    int bytes = along ? Math.clamp(size, 1, SENT_ALONG_AT_ONCE) : 0;
    sentAlong.acquire(bytes);
    try (Medium medium = reader.fetched(content, media.mediaType(), media.category())) {
      return reading.of(medium);
    } finally {
      sentAlong.release(bytes);
    }
  }
}
