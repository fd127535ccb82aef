package dev.ragprocessor.bucket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A fetched object: its attributes and its content in a temporary file that closing deletes.
 *
 * @param attributes of the generation that was read
 * @param content the bytes, complete and verified
 */
public record LiveObject(ObjectAttributes attributes, Path content) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(content);
  }
}
