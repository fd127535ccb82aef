package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Installs PostgreSQL and pgvector from the distribution's own packages.
 *
 * @param root of the file system whose os-release and apt sources are read
 */
record DebianInstaller(Path root) {
  static DebianInstaller ofThisMachine() {
    return new DebianInstaller(Path.of("/"));
  }

  /** Promises why it cannot be used; empty when it can. */
  Optional<String> obstacle(Install install) {
    if (install == Install.NEVER) {
      return Optional.of("installing is forbidden by the setting: RAG_INSTALL=never");
    }
    if (!release().isDebianLike()) {
      return Optional.of("this is neither");
    }
    if (SearchPath.find(SearchPath.directories(), "apt-get").isEmpty()) {
      return Optional.of("there is no apt-get on the PATH");
    }
    return Account.isRoot() ? Optional.empty() : Optional.of("this program does not run as root");
  }

  /**
   * Promises that the packages are installed. What it will do it says before it does it.
   *
   * @throws ClusterException with the end of apt's output, when it fails
   */
  void install(Consumer<String> progress) {
    Apt apt = Apt.ofThisMachine();
    progress.accept("Reading the package lists (apt-get update).");
    Command.Finished update = apt.get(Path.of("/"), List.of("update")).run();
    if (update.status() != 0) {
      // One broken third-party source must not stop what needs the distribution's only.
      progress.accept("apt-get update had errors, going on:\n" + update.output());
    }
    InstallPlan plan =
        InstallPlan.of(apt.available(InstallPlan.candidates()), release().codename())
            .orElseThrow(
                () ->
                    new ClusterException(
                        "This release (%s) has no PostgreSQL %d or newer that pgvector can be had for."
                            .formatted(release().codename(), LocalPostgres.OLDEST)));
    switch (plan) {
      case InstallPlan.Packages packages -> installPackages(apt, packages, progress);
      case InstallPlan.SourceBuild build -> {
        AptSource archive = archive();
        progress.accept(
            ("This release has PostgreSQL %d but no pgvector: the packages come from it, and"
                    + " pgvector is built from the source package of %s (%s) into"
                    + " /usr/lib/postgresql/%d and /usr/share/postgresql/%d.")
                .formatted(
                    build.major(),
                    build.suite(),
                    archive.uris().getFirst(),
                    build.major(),
                    build.major()));
        installPackages(apt, build, progress);
        new PgvectorBuild(build, archive, apt).run(progress);
      }
    }
  }

  private void installPackages(Apt apt, InstallPlan plan, Consumer<String> progress) {
    try (NoSystemCluster _ = NoSystemCluster.during(root, plan.major())) {
      apt.install(plan.packages(), progress);
    }
  }

  private OsRelease release() {
    Path file = root.resolve("etc/os-release");
    try {
      return Files.exists(file)
          ? OsRelease.parse(Files.readString(file))
          : new OsRelease("", "", "");
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /**
   * Promises the archive that this machine has its own release from.
   *
   * @throws ClusterException when no entry of apt's sources is that
   */
  AptSource archive() {
    String codename = release().codename();
    return sources().stream()
        .filter(source -> source.isDebianArchive(codename))
        .findFirst()
        .orElseThrow(
            () ->
                new ClusterException(
                    "No entry of apt's sources in %s is Debian's own archive for %s."
                        .formatted(root.resolve("etc/apt"), codename)));
  }

  private List<AptSource> sources() {
    Path apt = root.resolve("etc/apt");
    List<Path> files = new ArrayList<>(List.of(apt.resolve("sources.list")));
    try {
      if (Files.isDirectory(apt.resolve("sources.list.d"))) {
        try (Stream<Path> parts = Files.list(apt.resolve("sources.list.d"))) {
          parts.sorted().forEach(files::add);
        }
      }
      List<AptSource> sources = new ArrayList<>();
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          String name = file.getFileName().toString();
          if (name.endsWith(".sources")) {
            sources.addAll(AptSource.parseDeb822(Files.readString(file)));
          } else if (name.endsWith(".list")) {
            sources.addAll(AptSource.parseOneLine(Files.readString(file)));
          }
        }
      }
      return sources;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
