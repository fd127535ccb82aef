package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the PostgreSQL servers of this machine where distributions, PostgreSQL's own repositories,
 * Homebrew and Postgres.app put them, and by {@code pg_config} on the PATH.
 */
final class PostgresFinder {
  private static final List<String> PLACES =
      List.of(
          "usr/lib/postgresql/*/bin",
          "usr/pgsql-*/bin",
          "usr/libexec/postgresql*",
          "usr/local/pgsql/bin",
          "opt/homebrew/opt/postgresql*/bin",
          "usr/local/opt/postgresql*/bin",
          "home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
          "Applications/Postgres.app/Contents/Versions/*/bin");
  private static final Pattern VERSION = Pattern.compile("PostgreSQL\\)? (\\d+)");
  private static final Pattern DEFAULT_VERSION =
      Pattern.compile("(?m)^\\s*default_version\\s*=\\s*'([^']+)'");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Path root;
  private final List<Path> path;

  /**
   * @param root of the file system
   * @param path the directories of the PATH
   */
  PostgresFinder(Path root, List<Path> path) {
    this.root = root;
    this.path = List.copyOf(path);
  }

  /** Promises a finder for this machine. */
  static PostgresFinder ofThisMachine() {
    return new PostgresFinder(Path.of("/"), SearchPath.directories());
  }

  /**
   * Promises every server of version {@value LocalPostgres#OLDEST} or newer: those with pgvector
   * first, and of these the newest first.
   */
  List<LocalPostgres> find() {
    List<LocalPostgres> found = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (Path bin : candidates()) {
      if (isServer(bin) && seen.add(real(bin.resolve("postgres")))) {
        LocalPostgres server = inspect(bin);
        if (server.major() >= LocalPostgres.OLDEST) {
          found.add(server);
        }
      }
    }
    found.sort(
        Comparator.comparing(LocalPostgres::hasVector)
            .thenComparingInt(LocalPostgres::major)
            .reversed());
    return found;
  }

  private Set<Path> candidates() {
    Set<Path> bins = new LinkedHashSet<>();
    for (String place : PLACES) {
      bins.addAll(matching(place));
    }
    for (Path directory : path) {
      Path config = directory.resolve("pg_config");
      if (Files.isExecutable(config)) {
        bins.add(Path.of(ask(config, "--bindir")));
      }
      bins.add(directory);
    }
    return bins;
  }

  private List<Path> matching(String place) {
    List<Path> found = List.of(root);
    for (Path step : Path.of(place)) {
      List<Path> next = new ArrayList<>();
      for (Path directory : found) {
        next.addAll(children(directory, step.toString()));
      }
      found = next;
    }
    return found;
  }

  private static List<Path> children(Path directory, String pattern) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> matching = Files.newDirectoryStream(directory, pattern)) {
      matching.forEach(children::add);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    return children;
  }

  private static boolean isServer(Path bin) {
    return List.of("postgres", "initdb", "pg_ctl").stream()
        .allMatch(program -> Files.isExecutable(bin.resolve(program)));
  }

  /** Links to one server from several places are one server. */
  private static Path real(Path program) {
    try {
      return program.toRealPath();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private static LocalPostgres inspect(Path bin) {
    Matcher version = VERSION.matcher(ask(bin.resolve("postgres"), "--version"));
    int major = version.find() ? Integer.parseInt(version.group(1)) : 0;
    return new LocalPostgres(bin, major, vectorVersion(bin, major));
  }

  private static String vectorVersion(Path bin, int major) {
    for (Path share : shareDirectories(bin, major)) {
      Path control = share.resolve("extension/vector.control");
      if (Files.isReadable(control)) {
        try {
          Matcher version = DEFAULT_VERSION.matcher(Files.readString(control));
          return version.find() ? version.group(1) : "";
        } catch (IOException cause) {
          throw new UncheckedIOException(cause);
        }
      }
    }
    return "";
  }

  /** What pg_config says, or where it is when a package has left pg_config out. */
  private static List<Path> shareDirectories(Path bin, int major) {
    Path config = bin.resolve("pg_config");
    if (Files.isExecutable(config)) {
      return List.of(Path.of(ask(config, "--sharedir")));
    }
    Path usr = bin.resolve("../../../..").normalize();
    return List.of(
        usr.resolve("share/postgresql/" + major),
        bin.resolveSibling("share/postgresql"),
        bin.resolveSibling("share"));
  }

  private static String ask(Path program, String question) {
    return Command.of(LIMIT, List.of(program.toString(), question))
        .mustRun(line -> {})
        .output()
        .strip();
  }
}
