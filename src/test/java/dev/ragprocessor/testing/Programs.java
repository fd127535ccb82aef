package dev.ragprocessor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs, run to their end; as the user postgres where this one is root. */
final class Programs {
  private static final String SERVER_USER = "postgres";

  private Programs() {}

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Promises that the server may write there: PostgreSQL and PgBouncer refuse to run as root. */
  static void giveToPostgres(Path path) throws IOException {
    if (isRoot()) {
      Files.setOwner(
          path,
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SERVER_USER));
    }
  }

  static void asPostgres(List<String> words) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("runuser", "-u", SERVER_USER, "--"));
    }
    all.addAll(words);
    run(all);
  }

  static void run(List<String> words) {
    try {
      Path output = Files.createTempFile("rag-test-", ".out");
      try {
        Process process =
            new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new IllegalStateException(
              "%s failed:%n%s"
                  .formatted(
                      String.join(" ", words), Files.readString(output, StandardCharsets.UTF_8)));
        }
      } finally {
        Files.delete(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
  }
}
