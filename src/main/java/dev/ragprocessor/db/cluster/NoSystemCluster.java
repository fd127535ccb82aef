package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps Debian's server package from making and starting a cluster of the system's on our behalf,
 * while a package is installed; afterwards the machine's setting is as it was (postgresql-common,
 * createcluster.conf: {@code create_main_cluster}).
 *
 * @param setting the file that says so, which is there where it is needed
 */
record NoSystemCluster(Path setting) implements AutoCloseable {
  /** Promises that installing this version makes no cluster until closed. */
  static NoSystemCluster during(Path root, int major) {
    Path setting = root.resolve("etc/postgresql-common/createcluster.d/rag-processor.conf");
    try {
      if (Files.notExists(root.resolve("usr/lib/postgresql/" + major + "/bin/postgres"))) {
        Files.createDirectories(root.resolve("etc/postgresql-common/createcluster.d"));
        Files.writeString(setting, "create_main_cluster = false\n");
      }
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    return new NoSystemCluster(setting);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(setting);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
