package dev.ragprocessor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of a command that may have to say who asks. */
final class TokenOption {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token that the service wants to see, where auth is oidc.")
  @Nullable Path file;

  /** Promises the token; empty where none was given. */
  String token() {
    Path given = file;
    if (given == null) {
      return "";
    }
    try {
      return Files.readString(given).strip();
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("--token-file %s cannot be read: %s".formatted(given, e)));
    }
  }
}
