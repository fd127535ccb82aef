package dev.ragprocessor.bucket;

import java.nio.file.Path;

/**
 * Where a directory's buckets lie.
 *
 * @param root whose first-level folders, and links to folders, are the buckets; made when missing
 * @param stateDirectory keeps the generations that were issued; it must outlive the process and
 *     belong to this root alone, and is made when missing
 * @param maxObjectSize in bytes, 1 or more
 */
public record DirectorySettings(Path root, Path stateDirectory, long maxObjectSize) {
  public DirectorySettings {
    if (maxObjectSize < 1) {
      throw new IllegalArgumentException("max-object-size must be greater than 0");
    }
  }

  /** Promises the defaults: the state hidden inside the root, and 256 MiB. */
  public static DirectorySettings of(Path root) {
    return new DirectorySettings(
        root, root.resolve(".rag-processor"), CloudStorageSettings.DEFAULT_MAX_OBJECT_SIZE);
  }

  /** Promises the same settings with another limit, in bytes. */
  public DirectorySettings withMaxObjectSize(long bytes) {
    return new DirectorySettings(root, stateDirectory, bytes);
  }
}
