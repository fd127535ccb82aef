package dev.ragprocessor.store;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A chunk without a vector of a space that is being filled, and what that is made from. */
public sealed interface Unfilled {
  /** The chunk's. */
  UUID id();

  /** Of its document. */
  UUID document();

  /** Of what the vector is made from, by which it is known again. */
  String digest();

  /**
   * A chunk whose text is to have a vector.
   *
   * @param title of its document
   * @param digest of its content
   */
  record Text(UUID id, UUID document, String title, String content, String digest)
      implements Unfilled {}

  /**
   * The first chunk about a medium, or about a stretch of a recording, which carries its vector.
   *
   * @param object that the chunk is of; generation 0 where another program has left none
   * @param crc32c of the object's bytes, as Cloud Storage writes it; empty when not known
   * @param size of the object in bytes
   * @param category of its document
   * @param stretch of a recording; null for the whole
   * @param digest of the object's version
   */
  record Medium(
      UUID id,
      UUID document,
      ObjectId object,
      String crc32c,
      long size,
      FileCategory category,
      @Nullable Stretch stretch,
      String digest)
      implements Unfilled {}

  /**
   * A stretch of a recording.
   *
   * @param start from its beginning
   * @param end from its beginning, after the start
   */
  record Stretch(Duration start, Duration end) {}
}
