package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.extract.MediaHead;
import dev.ragprocessor.extract.media.MediaBytes;
import dev.ragprocessor.store.ObjectId;
import java.util.Arrays;

/** The bytes of one generation of a live object, of which a few are read. Belongs to one thread. */
final class BucketBytes implements MediaBytes {
  private final ObjectStore objects;
  private final ObjectAttributes object;
  private byte[] beginning = new byte[0];

  /**
   * @param object as the bucket described it
   */
  BucketBytes(ObjectStore objects, ObjectAttributes object) {
    this.objects = objects;
    this.object = object;
  }

  ObjectAttributes object() {
    return object;
  }

  @Override
  public long size() {
    return object.size();
  }

  /** Promises the first bytes, which are read once. */
  byte[] beginning() {
    if (beginning.length == 0) {
      beginning = fetched(0, MediaHead.BYTES);
    }
    return beginning;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ChangedMeanwhileException when another generation is live
   */
  @Override
  public byte[] read(long from, int length) {
    if (from + length <= beginning().length) {
      return Arrays.copyOfRange(beginning, (int) from, (int) from + length);
    }
    return fetched(from, length);
  }

  /**
   * Promises that this generation is the live one, and so was until now: generations only rise.
   *
   * @throws ChangedMeanwhileException when it is not
   */
  void requireLive() {
    ObjectId mine = object.object();
    boolean live = objects.describe(mine).filter(now -> now.object().equals(mine)).isPresent();
    if (!live) {
      throw new ChangedMeanwhileException(mine, null);
    }
  }

  private byte[] fetched(long from, int length) {
    return objects
        .read(object.object(), from, length)
        .orElseThrow(() -> new ChangedMeanwhileException(object.object(), null));
  }
}
