package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;
import java.util.Comparator;

/** An object whatever its generation. Ordered so that what lies below a folder is one range. */
record ObjectKey(String bucket, String name) implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::bucket).thenComparing(ObjectKey::name);

  ObjectId at(long generation) {
    return new ObjectId(bucket, name, generation);
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }
}
