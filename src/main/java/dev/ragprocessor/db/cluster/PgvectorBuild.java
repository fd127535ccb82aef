package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Builds pgvector from a later release's source package against the local server's headers. apt
 * gets a configuration of its own for that, in a scratch directory: this machine's sources and
 * lists stay as they are, and the archive's signature is verified as for any package.
 */
record PgvectorBuild(InstallPlan.SourceBuild plan, AptSource archive, Apt apt) {
  private static final Duration MAKE = Duration.ofMinutes(10);

  /** Promises that the extension is installed; the scratch directory is removed. */
  void run(Consumer<String> progress) {
    Path scratch = scratch();
    try {
      Path source = download(scratch, progress);
      progress.accept("Building %s.".formatted(source.getFileName()));
      make(source, progress, "all");
      make(source, progress, "install");
      progress.accept("Installed %s.".formatted(source.getFileName()));
    } finally {
      Command.of(Duration.ofMinutes(1), List.of("rm", "-rf", "--", scratch.toString()))
          .mustRun(line -> {});
    }
  }

  /** apt's configuration: the given sources only, everything else in the scratch directory. */
  static String configuration(Path scratch) {
    return """
        Dir::Etc::sourcelist "%1$s/sources.list";
        Dir::Etc::sourceparts "-";
        Dir::State::Lists "%1$s/lists";
        Dir::Cache "%1$s/cache";
        // The user _apt cannot enter the scratch directory, which is root's alone.
        APT::Sandbox::User "root";
        """
        .formatted(scratch);
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("rag-processor-pgvector");
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private Path download(Path scratch, Consumer<String> progress) {
    try {
      for (String directory : List.of("lists/partial", "cache/archives/partial", "source")) {
        Files.createDirectories(scratch.resolve(directory));
      }
      Files.writeString(scratch.resolve("sources.list"), archive.sourcesOf(plan.suite()));
      Path configuration = scratch.resolve("apt.conf");
      Files.writeString(configuration, configuration(scratch));
      Path directory = scratch.resolve("source");
      Apt own = apt.withConfiguration(configuration);
      own.get(directory, List.of("update")).mustRun(line -> progress.accept("  " + line));
      own.get(directory, List.of("source", "pgvector"))
          .mustRun(line -> progress.accept("  " + line));
      return unpacked(directory);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private static Path unpacked(Path directory) throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            directory,
            entry -> Files.isDirectory(entry, java.nio.file.LinkOption.NOFOLLOW_LINKS))) {
      for (Path source : found) {
        return source;
      }
    }
    throw new ClusterException("The source package pgvector has no directory.");
  }

  private void make(Path source, Consumer<String> progress, String target) {
    new Command(
            List.of(
                "make",
                "--jobs=" + Runtime.getRuntime().availableProcessors(),
                "PG_CONFIG=/usr/lib/postgresql/%d/bin/pg_config".formatted(plan.major()),
                // Portable code: the data may be used on another machine of this kind.
                "OPTFLAGS=",
                // The server does not compile just in time here (jit=off).
                "with_llvm=no",
                target),
            Map.of("LC_ALL", "C"),
            source,
            MAKE)
        .mustRun(line -> progress.accept("  " + line));
  }
}
