package dev.ragprocessor.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends with this JVM what it has started, however this JVM ends: a shell waits at a pipe that only
 * this JVM holds, and cleans up when the pipe is closed. It runs in a session of its own and
 * ignores what a terminal sends.
 */
final class Tether implements AutoCloseable {
  private static final String WAIT = "trap '' INT HUP TERM\nwhile read -r _; do :; done\n";

  private final Process shell;

  /**
   * @param cleanUp for {@code sh -c}; it may find that nothing was started, or has ended
   * @param arguments {@code $1} and so on
   */
  Tether(String cleanUp, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", WAIT + cleanUp, "tether"));
    words.addAll(List.of(arguments));
    shell =
        new ProcessBuilder(words)
            .directory(Path.of("/").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /**
   * Promises a directory below the temporary one that belongs to the servers' user and is removed
   * by {@code rm -rf "$1"}.
   */
  static Path directory(String prefix) throws IOException {
    Path directory = Files.createTempDirectory(prefix);
    Programs.giveToPostgres(directory);
    return directory;
  }

  /** Cleans up now, and waits for it. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    try {
      if (!shell.waitFor(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("process %d does not end".formatted(shell.pid()));
      }
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
  }
}
