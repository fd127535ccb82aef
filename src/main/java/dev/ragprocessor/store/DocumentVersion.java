package dev.ragprocessor.store;

/**
 * What a document's row says of the object's generation that it shows or will show.
 *
 * @param object with its generation
 * @param metageneration of that generation
 * @param tenant the owner when the row is new; a row that exists keeps its own
 * @param size of the object in bytes
 * @param crc32c of its bytes as Cloud Storage writes it; empty when not known
 * @param mediaType as detected, or as declared while nothing is detected
 * @param category of the file
 */
public record DocumentVersion(
    ObjectId object,
    long metageneration,
    TenantId tenant,
    long size,
    String crc32c,
    String mediaType,
    FileCategory category) {

  /** The last segment of the object's name. */
  public String filename() {
    return object.name().substring(object.name().lastIndexOf('/') + 1);
  }

  /** The same without its checksum. */
  DocumentVersion ofUnknownBytes() {
    return new DocumentVersion(object, metageneration, tenant, size, "", mediaType, category);
  }

  /**
   * {@code file_size} is an integer, which cannot hold 2 GiB: the real size has a column of ours.
   */
  int clampedSize() {
    return (int) Math.min(size, Integer.MAX_VALUE);
  }
}
