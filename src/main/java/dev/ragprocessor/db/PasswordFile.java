package dev.ragprocessor.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Promises the password as the file has it now: it is read again at every call, so that a rotated
 * password is taken up by the next new connection (row 35). Safe for use by many threads.
 *
 * @param file with the password as its only line, in UTF-8; one line end at its end is not part of
 *     it
 */
public record PasswordFile(Path file) implements Supplier<Secret> {
  /** The most bytes that are taken for a password. */
  private static final int LIMIT = 65_536;

  /**
   * @throws PasswordFileException when the file cannot be read, or holds no password or several
   *     lines
   */
  @Override
  public Secret get() {
    String text = read().replaceFirst("\\r?\\n\\z", "");
    if (text.isEmpty() || text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0) {
      throw new PasswordFileException(
          "The password file %s must hold one line, the password.".formatted(file), null);
    }
    return new Secret(text);
  }

  private String read() {
    try {
      if (Files.size(file) > LIMIT) {
        throw new PasswordFileException(
            "The password file %s has more than %,d bytes.".formatted(file, LIMIT), null);
      }
      return Files.readString(file);
    } catch (IOException cause) {
      throw new PasswordFileException(
          "The password file %s cannot be read: it must exist, be readable and be UTF-8."
              .formatted(file),
          cause);
    }
  }
}
