package dev.ragprocessor.db.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is installed to have a PostgreSQL with pgvector on Debian or Ubuntu. */
sealed interface InstallPlan {
  /** The newest version that is looked for; no release of Debian is ahead of it. */
  int NEWEST = 20;

  /**
   * The releases that have a PostgreSQL of {@value LocalPostgres#OLDEST} or newer but no pgvector,
   * each with the release whose source package is built for it. This is the only place that names
   * releases: Debian 12 took pgvector's binary package in only with Debian 13, whose binaries need
   * a newer libc.
   */
  Map<String, String> PGVECTOR_FROM = Map.of("bookworm", "trixie");

  /** The version that is installed. */
  int major();

  /** The packages to ask apt for. */
  List<String> packages();

  /** Everything is a package of this release. */
  record Packages(int major) implements InstallPlan {
    @Override
    public List<String> packages() {
      return List.of("postgresql-" + major, "postgresql-%d-pgvector".formatted(major));
    }
  }

  /**
   * The server is a package of this release; pgvector is built here from a later release's source
   * package.
   *
   * @param suite the later release
   */
  record SourceBuild(int major, String suite) implements InstallPlan {
    @Override
    public List<String> packages() {
      return List.of(
          "postgresql-" + major, "postgresql-server-dev-" + major, "build-essential", "dpkg-dev");
    }
  }

  /** Every package that a plan may need, to ask apt which of them it has. */
  static List<String> candidates() {
    List<String> names = new ArrayList<>(List.of("build-essential", "dpkg-dev"));
    for (int major = LocalPostgres.OLDEST; major <= NEWEST; major++) {
      names.add("postgresql-" + major);
      names.add("postgresql-%d-pgvector".formatted(major));
      names.add("postgresql-server-dev-" + major);
    }
    return names;
  }

  /**
   * Promises the plan with the newest server, packages before a build; empty when there is none.
   *
   * @param available the packages that apt can install
   * @param codename of this release
   */
  static Optional<InstallPlan> of(Set<String> available, String codename) {
    for (int major = NEWEST; major >= LocalPostgres.OLDEST; major--) {
      InstallPlan packages = new Packages(major);
      if (available.containsAll(packages.packages())) {
        return Optional.of(packages);
      }
    }
    String suite = PGVECTOR_FROM.getOrDefault(codename, "");
    for (int major = NEWEST; major >= LocalPostgres.OLDEST && !suite.isEmpty(); major--) {
      InstallPlan build = new SourceBuild(major, suite);
      if (available.containsAll(build.packages())) {
        return Optional.of(build);
      }
    }
    return Optional.empty();
  }
}
