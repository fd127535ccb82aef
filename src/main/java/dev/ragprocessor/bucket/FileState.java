package dev.ragprocessor.bucket;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param size in bytes
 * @param modified the file's time in nanoseconds since 1970; compared, never ordered
 * @param key device and inode: a file moved over another may have the other's size and time
 */
record FileState(long size, long modified, String key) {
  static FileState of(BasicFileAttributes attributes) {
    return new FileState(
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        Objects.toString(attributes.fileKey(), ""));
  }
}
