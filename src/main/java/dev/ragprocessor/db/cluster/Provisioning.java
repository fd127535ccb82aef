package dev.ragprocessor.db.cluster;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds or makes a PostgreSQL with pgvector, in the order in which it costs the user least.
 *
 * @param finder of servers on this machine
 * @param docker the engine, which may not answer
 * @param installer for this machine's distribution
 * @param install whether it may be used
 */
record Provisioning(
    PostgresFinder finder, DockerEngine docker, DebianInstaller installer, Install install) {

  /**
   * Promises a server.
   *
   * @param major the version that the data needs, which is preferred; 0 when there is no data yet
   * @throws ClusterException listing every way, and why it is not open here
   */
  Provision provide(int major, Consumer<String> progress) {
    List<LocalPostgres> servers = finder.find();
    Optional<LocalPostgres> found = best(servers, major);
    if (found.isPresent()) {
      progress.accept("Found " + found.get() + ".");
      return new Provision.Found(found.get());
    }
    Optional<String> noDocker = docker.obstacle();
    if (noDocker.isEmpty()) {
      progress.accept("Using the Docker engine, with the image " + DockerEngine.IMAGE + ".");
      return new Provision.Container(docker);
    }
    Optional<String> noInstall = installer.obstacle(install);
    if (noInstall.isPresent()) {
      throw new ClusterException(ways(servers, noDocker.get(), noInstall.get()));
    }
    installer.install(progress);
    return best(finder.find(), major)
        .map(Provision.Installed::new)
        .orElseThrow(
            () ->
                new ClusterException(
                    "After the installation there is still no PostgreSQL with pgvector."));
  }

  private static Optional<LocalPostgres> best(List<LocalPostgres> servers, int major) {
    List<LocalPostgres> usable = servers.stream().filter(LocalPostgres::hasVector).toList();
    return usable.stream()
        .filter(server -> server.major() == major)
        .findFirst()
        .or(() -> usable.stream().findFirst());
  }

  private static String ways(List<LocalPostgres> servers, String noDocker, String noInstall) {
    String found =
        servers.isEmpty()
            ? "none was found"
            : "found " + String.join(", ", servers.stream().map(LocalPostgres::toString).toList());
    return """
        There is no PostgreSQL with pgvector, and none can be made here. One of these helps:
          1. Set DATABASE_URL to a PostgreSQL that has the extension vector.
          2. Install PostgreSQL %d or newer with pgvector on this machine (%s).
          3. Start a Docker engine (%s).
          4. On Debian or Ubuntu, let this program install it (%s)."""
        .formatted(LocalPostgres.OLDEST, found, noDocker, noInstall);
  }
}
