package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The data of a private cluster, made by initdb once and of one version of PostgreSQL. */
record DataDirectory(ClusterHome home, LocalPostgres postgres, Lifetime lifetime) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Promises data that this PostgreSQL can run.
   *
   * @throws ClusterException when it was made by another version
   */
  void make(Consumer<String> progress) {
    if (Files.exists(home.data().resolve("PG_VERSION"))) {
      refuseAnotherVersion();
      return;
    }
    progress.accept("Making a new private cluster in %s.".formatted(home.directory()));
    // Renamed when complete: what an interrupted initdb leaves is never taken for a cluster.
    Path fresh = home.directory().resolve("data.new");
    Command.of(LIMIT, home.account().command(List.of("rm", "-rf", "--", fresh.toString())))
        .mustRun(line -> {});
    Command.of(LIMIT, home.account().command(initdb(fresh))).mustRun(line -> {});
    try {
      Files.move(fresh, home.data());
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Promises the version that made the data of a cluster, 0 when there is none. */
  static int major(Path data) {
    Path version = data.resolve("PG_VERSION");
    try {
      return Files.exists(version) ? Integer.parseInt(Files.readString(version).strip()) : 0;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private void refuseAnotherVersion() {
    int major = major(home.data());
    if (major != postgres.major()) {
      throw new ClusterException(
          ("The private cluster in %s was made by PostgreSQL %d, and this machine offers %s."
                  + " Install PostgreSQL %d with pgvector to use it, or move the directory away to"
                  + " begin with an empty one.")
              .formatted(home.directory(), major, postgres, major));
    }
  }

  private List<String> initdb(Path data) {
    List<String> words =
        new ArrayList<>(
            List.of(
                postgres.bin().resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + NativeCluster.SUPERUSER,
                "--pwfile=" + home.passwordFile(),
                // A laptop has other users: loopback alone keeps nobody out.
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--lc-messages=C"));
    // macOS has no C.UTF-8 before its version 15.
    words.addAll(
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? List.of("--locale=C", "--lc-ctype=UTF-8")
            : List.of("--locale=C.UTF-8"));
    if (lifetime == Lifetime.SCRATCH) {
      words.add("--no-sync");
    }
    return words;
  }
}
