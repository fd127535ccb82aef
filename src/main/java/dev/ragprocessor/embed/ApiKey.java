package dev.ragprocessor.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A key that is sent in a header and shown nowhere: not in logs, messages or {@code toString}. */
public final class ApiKey {
  private final String value;

  /**
   * @param value the key; blanks around it are dropped
   * @throws IllegalArgumentException when it is empty, or cannot stand in a header
   */
  public ApiKey(String value) {
    this.value = value.strip();
    // OkHttp shows a header's value when it refuses it.
    if (this.value.isEmpty() || !this.value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "the API key is empty or has characters other than visible ASCII (not shown)");
    }
  }

  /**
   * Reads the key from a file, so that it need not stand in a command line or an environment.
   *
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException when it does not hold a key
   */
  public static ApiKey read(Path file) throws IOException {
    return new ApiKey(Files.readString(file));
  }

  String value() {
    return value;
  }

  /**
   * The text without the key, should it be in it: Google's messages sometimes name the caller so.
   */
  String redact(String text) {
    return text.replace(value, "[key]");
  }

  @Override
  public String toString() {
    return "ApiKey[not shown]";
  }
}
