package dev.ragprocessor.store;

import java.util.Objects;

/**
 * One generation of one object in a bucket. The name is the object's name as the bucket has it: any
 * UTF-8 text of 1 to 1,024 bytes, not a path of this machine.
 *
 * @param bucket the bucket's name
 * @param name the object's name inside the bucket
 * @param generation Cloud Storage's clock for the object: larger is newer; 0 when not known
 */
public record ObjectId(String bucket, String name, long generation) {
  private static final String SCHEME = "gs://";

  public ObjectId {
    Objects.requireNonNull(bucket, "bucket");
    Objects.requireNonNull(name, "name");
    if (bucket.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("bucket and name must not be empty");
    }
    if (generation < 0) {
      throw new IllegalArgumentException("generation must not be negative: " + generation);
    }
  }

  /**
   * Promises the {@code gs://bucket/name} form that the tables keep; it leaves the generation out.
   */
  public String path() {
    return SCHEME + bucket + "/" + name;
  }

  /**
   * Promises the object that {@link #path()} wrote, at this generation. A bucket's name has no
   * slash, an object's may have many.
   *
   * @throws IllegalArgumentException when the text is no such path
   */
  public static ObjectId ofPath(String path, long generation) {
    int slash = path.startsWith(SCHEME) ? path.indexOf('/', SCHEME.length()) : -1;
    if (slash < 0) {
      throw new IllegalArgumentException("must be gs://bucket/name: " + path);
    }
    return new ObjectId(
        path.substring(SCHEME.length(), slash), path.substring(slash + 1), generation);
  }

  /** Promises the same object at another generation. */
  public ObjectId at(long otherGeneration) {
    return new ObjectId(bucket, name, otherGeneration);
  }
}
