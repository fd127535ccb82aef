package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;

/**
 * What a bucket knows of an object, content aside.
 *
 * @param object with the generation that this describes
 * @param metageneration the version of the metadata within the generation, from 1; 0 when not known
 * @param contentType as uploaded; empty when none was given
 * @param size in bytes, as stored; {@link #UNKNOWN_SIZE} when not known
 * @param crc32c the Castagnoli checksum as Cloud Storage writes it (big-endian base64); empty when
 *     not known
 * @param customerEncrypted whether it is encrypted with a key that only the customer has, so that
 *     nobody else can read it
 */
public record ObjectAttributes(
    ObjectId object,
    long metageneration,
    String contentType,
    long size,
    String crc32c,
    boolean customerEncrypted) {
  /** The size where the source does not tell it, for example a notification without payload. */
  public static final long UNKNOWN_SIZE = -1;

  /** Promises an object of which nothing is known but that it was there. */
  public static ObjectAttributes ofName(ObjectId object) {
    return new ObjectAttributes(object, 0, "", UNKNOWN_SIZE, "", false);
  }

  /**
   * Whether this stands for a folder, as consoles and mounts create them: its name ends with a
   * slash and it has no content.
   */
  public boolean isFolderPlaceholder() {
    return object.name().endsWith("/") && size == 0;
  }
}
