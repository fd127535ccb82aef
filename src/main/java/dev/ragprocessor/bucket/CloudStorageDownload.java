package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * The body of a media answer, verified. The checksum is that of the stored bytes, so it is compared
 * before a stored gzip encoding is undone, and after one that was added on the way.
 */
final class CloudStorageDownload {
  private static final Pattern CRC32C = Pattern.compile("(?:^|,)\\s*crc32c=([A-Za-z0-9+/]{6}==)");

  private final Spool spool;
  private final long limit;

  /**
   * @param limit in bytes, of the object as stored and of its decompressed content
   */
  CloudStorageDownload(Spool spool, long limit) {
    this.spool = spool;
    this.limit = limit;
  }

  /**
   * Promises the object, complete and verified, or nothing of it at all.
   *
   * @param answer with status 200; the caller closes it
   */
  LiveObject receive(ObjectId object, DeadlineResponse answer) {
    String expected = crc32c(object, answer);
    long generation = required(object, answer, "x-goog-generation");
    long metageneration = required(object, answer, "x-goog-metageneration");
    long announced =
        Math.max(number(answer, "content-length"), number(answer, "x-goog-stored-content-length"));
    if (announced > limit) {
      throw new ObjectTooLargeException(object, announced, limit);
    }
    boolean sentAsGzip = ContentEncoding.isGzip(answer.header("content-encoding"));
    String storedEncoding = answer.header("x-goog-stored-content-encoding");
    boolean storedAsGzip =
        storedEncoding.isEmpty() ? sentAsGzip : ContentEncoding.isGzip(storedEncoding);

    Spooled stored = copy(object, answer, sentAsGzip && !storedAsGzip);
    if (!stored.crc32c().equals(expected)) {
      throw discarded(stored, mismatch(object, storedAsGzip && !sentAsGzip));
    }
    Spooled plain = storedAsGzip ? unpacked(object, stored) : stored;
    ObjectAttributes attributes =
        new ObjectAttributes(
            object.at(generation),
            metageneration,
            answer.header("content-type"),
            stored.size(),
            expected,
            false);
    return new LiveObject(attributes, plain);
  }

  private Spooled copy(ObjectId object, DeadlineResponse answer, boolean packedOnTheWay) {
    try {
      InputStream body = packedOnTheWay ? ContentEncoding.decoded(answer) : answer.body();
      return spool.copy(body, object, limit);
    } catch (IOException e) {
      String why = answer.late() ? "took longer than bucket.fetch-timeout" : "broke off";
      throw CloudStorageErrors.unavailable(
          "%s: the download %s".formatted(object.path(), why), Duration.ZERO, e);
    }
  }

  /** Objects labelled gzip that are not compressed are common, and are handed out as they are. */
  private Spooled unpacked(ObjectId object, Spooled packed) {
    try {
      if (!ContentEncoding.startsAsGzip(packed)) {
        return packed;
      }
      Spooled plain;
      try (InputStream content = ContentEncoding.gunzip(packed)) {
        plain = spool.copy(content, object, limit);
      }
      packed.close();
      return plain;
    } catch (ZipException | EOFException e) {
      throw discarded(
          packed,
          new BucketException(
              BucketException.Kind.REFUSED,
              object.path()
                  + ": its metadata says Content-Encoding: gzip, but its bytes are not valid gzip",
              Duration.ZERO,
              e));
    } catch (IOException e) {
      throw discarded(
          packed,
          CloudStorageErrors.unavailable(
              object.path() + ": the spool directory failed", Duration.ZERO, e));
    } catch (ObjectTooLargeException e) {
      throw discarded(packed, e);
    }
  }

  private static <X extends RuntimeException> X discarded(Spooled copy, X failure) {
    copy.close(failure);
    return failure;
  }

  private static BucketException mismatch(ObjectId object, boolean unpackedOnTheWay) {
    return unpackedOnTheWay
        ? CloudStorageErrors.misconfigured(
            object.path()
                + ": it arrived decompressed although its stored bytes were asked for, so that its"
                + " checksum cannot be verified; check the base URL and the proxies on the way")
        : CloudStorageErrors.unavailable(
            object.path() + ": the bytes received do not match the object's crc32c",
            Duration.ZERO,
            null);
  }

  /** Every object in Cloud Storage has a crc32c; one composed of others has no md5. */
  private static String crc32c(ObjectId object, DeadlineResponse answer) {
    String hashes = String.join(",", answer.headers().allValues("x-goog-hash"));
    Matcher matcher = CRC32C.matcher(hashes);
    if (!matcher.find()) {
      throw missing(object, "x-goog-hash: crc32c");
    }
    return matcher.group(1);
  }

  private static long required(ObjectId object, DeadlineResponse answer, String header) {
    long value = number(answer, header);
    if (value < 0) {
      throw missing(object, header);
    }
    return value;
  }

  private static BucketException missing(ObjectId object, String header) {
    return CloudStorageErrors.misconfigured(
        "%s: the answer has no %s; check the base URL and the proxies on the way"
            .formatted(object.path(), header));
  }

  /** Minus one when the header is missing or not a number. */
  private static long number(DeadlineResponse answer, String header) {
    String value = answer.header(header);
    return value.matches("[0-9]{1,18}") ? Long.parseLong(value) : -1;
  }
}
