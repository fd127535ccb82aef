package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The directory of one cluster, which only the server's user and root can enter.
 *
 * @param directory the cluster's own
 * @param account the user that it belongs to
 */
record ClusterHome(Path directory, Account account) {
  private static final int LOG_LINES = 20;

  /** Promises the directory, made when missing, with mode 0700. */
  static ClusterHome prepare(ClusterSettings settings, Account account) {
    Path directory = settings.home().resolve(settings.name());
    try {
      Files.createDirectories(settings.home());
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      account.own(directory);
    } catch (IOException cause) {
      throw new ClusterException(
          "The private cluster's directory %s cannot be made.".formatted(directory), cause);
    }
    return new ClusterHome(directory, account);
  }

  Path data() {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("server.log");
  }

  Path passwordFile() {
    return directory.resolve("password");
  }

  /** Promises the superuser's password, made at the first call and kept with mode 0600. */
  Secret password() {
    Path file = passwordFile();
    try {
      if (Files.notExists(file)) {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
      }
      return new Secret(Files.readString(file).strip());
    } catch (IOException cause) {
      throw new ClusterException(
          "The private cluster's password file %s cannot be used.".formatted(file), cause);
    }
  }

  /** Promises the last lines that the server wrote. */
  String logTail() {
    try {
      if (Files.notExists(log())) {
        return "(it wrote no log)";
      }
      List<String> lines = Files.readAllLines(log());
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Promises that the log begins anew, with the last run's beside it. */
  void turnLog() {
    try {
      if (Files.exists(log())) {
        Files.move(
            log(),
            directory.resolve("server.log.1"),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text + "\n", StandardOpenOption.WRITE);
    account.own(fresh);
    Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
