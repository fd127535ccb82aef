package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;

/** An object is larger than the configured limit; a permanent failure of that object. */
public final class ObjectTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param size of the object in bytes
   * @param limit in bytes
   */
  public ObjectTooLargeException(ObjectId object, long size, long limit) {
    super(
        "%s has %,d bytes; the limit is %,d (bucket.max-object-size)"
            .formatted(object.path(), size, limit));
  }
}
