package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.DatabaseUrl;
import java.util.function.Consumer;

/**
 * A PostgreSQL with pgvector that belongs to this program: on a loopback port of its own, behind a
 * password of its own, and ended with the program, however that ends. Safe for use by many threads;
 * every call blocks and is bounded in time.
 */
public sealed interface PrivateCluster extends AutoCloseable permits NativeCluster, DockerCluster {
  /**
   * Promises a running cluster, in the first of these ways that this machine offers: a PostgreSQL
   * with the extension {@code vector} that is installed here; a Docker engine; on Debian and Ubuntu
   * as root, and unless {@link Install#NEVER}, one installed from the distribution's packages.
   *
   * <p>Starting takes a second or two where the data is there, some seconds for new data, and up to
   * some minutes where something must be downloaded; the server itself has 60 s to start.
   *
   * @param progress is told, in sentences, what is done; an installation is announced in full
   *     before it begins
   * @return the cluster, to be closed by the caller
   * @throws ClusterException when no way is open, when another living program has the cluster, when
   *     the data is another version's, or when the server does not start
   */
  static PrivateCluster start(ClusterSettings settings, Consumer<String> progress) {
    return new ClusterStart(settings, progress).start();
  }

  /**
   * Promises the URL of a database of this cluster, as its superuser.
   *
   * @param database need not exist
   */
  DatabaseUrl url(String database);

  /**
   * Promises that the database exists and has the extension {@code vector}.
   *
   * @param database 1 to 63 lower-case letters, digits and underscores, a letter first
   * @return its URL
   */
  default DatabaseUrl createDatabase(String database) {
    new Databases(this).create(database);
    return url(database);
  }

  /** Promises that the server has ended, in order, when it returns; at most a minute. */
  @Override
  void close();
}
