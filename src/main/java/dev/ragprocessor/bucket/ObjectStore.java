package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;
import java.util.List;
import java.util.Optional;

/**
 * Objects where they live. Safe for use by many threads; every call blocks, is bounded in time, and
 * must be made outside a database scope, else it throws {@link IllegalStateException}.
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * Promises the live object, whatever generation it has, bounded and with its checksum verified.
   *
   * @param object whose bucket and name are read; its generation is not
   * @return the object, to be closed by the caller; empty when there is no live object of that name
   * @throws ObjectTooLargeException when it is larger than the limit; nothing is kept of it
   * @throws BucketException when the bucket cannot be read: it says whether trying again can help
   */
  Optional<LiveObject> fetch(ObjectId object);

  /**
   * Promises what the bucket says of the live object, without its content.
   *
   * @throws BucketException as {@link #fetch}
   */
  Optional<ObjectAttributes> describe(ObjectId object);

  /** Whether Google's models read these objects themselves, by their {@code gs://} path. */
  default boolean isReadByModels() {
    return false;
  }

  /**
   * Promises some bytes of the live object: as many as were asked for, or until its end. For the
   * few that tell what a file is and how long; they are not checked against a checksum.
   *
   * @param object with the generation that must be the live one
   * @param from the offset of the first byte
   * @param length at most 1 MiB
   * @return empty when another generation is live, or none
   * @throws BucketException as {@link #fetch}
   * @throws UnsupportedOperationException where models do not read objects themselves
   */
  default Optional<byte[]> read(ObjectId object, long from, int length) {
    throw new UnsupportedOperationException("these objects are fetched");
  }

  /**
   * Promises one page of the live objects of a bucket, ordered by name.
   *
   * @param prefix of the names wanted, empty for all
   * @param pageToken empty for the first page, else the last page's {@link Page#nextToken()}
   * @throws BucketException as {@link #fetch}
   */
  Page list(String bucket, String prefix, String pageToken);

  @Override
  void close();

  /**
   * One page of a listing.
   *
   * @param nextToken empty when this is the last page
   */
  record Page(List<ObjectAttributes> objects, String nextToken) {
    public Page {
      objects = List.copyOf(objects);
    }
  }
}
