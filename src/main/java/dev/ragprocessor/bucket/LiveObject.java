package dev.ragprocessor.bucket;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A fetched object: its attributes and its content, complete and verified. A small one is in memory
 * and becomes a file only when it is asked for as one. To be closed; belongs to one thread.
 */
public final class LiveObject implements AutoCloseable {
  private final ObjectAttributes attributes;
  private final Spooled content;

  LiveObject(ObjectAttributes attributes, Spooled content) {
    this.attributes = attributes;
    this.content = content;
  }

  /**
   * An object whose content is in a file.
   *
   * @param content is deleted by closing
   */
  public LiveObject(ObjectAttributes attributes, Path content) {
    this(attributes, Spooled.in(content, attributes.size(), attributes.crc32c()));
  }

  /** The attributes of the generation that was read. */
  public ObjectAttributes attributes() {
    return attributes;
  }

  /** The content where it is in memory; not to be changed. */
  public Optional<byte[]> bytes() {
    return content.bytes();
  }

  /**
   * Promises the content in a temporary file that closing deletes.
   *
   * @throws BucketException UNAVAILABLE when there was none and it cannot be written
   */
  public Path content() {
    try {
      return content.file();
    } catch (IOException e) {
      throw CloudStorageErrors.unavailable(
          attributes.object().path() + ": the spool directory failed", Duration.ZERO, e);
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
