package dev.ragprocessor.db.cluster;

import java.util.List;
import java.util.function.Consumer;

/** The way from nothing to a running cluster. */
record ClusterStart(ClusterSettings settings, Consumer<String> progress) {
  PrivateCluster start() {
    List<LocalPostgres> servers = PostgresFinder.ofThisMachine().find();
    LocalPostgres server =
        servers.stream()
            .filter(LocalPostgres::hasVector)
            .findFirst()
            .orElseThrow(() -> new ClusterException("No PostgreSQL with pgvector was found."));
    progress.accept("Found " + server + ".");
    return NativeCluster.start(server, settings, progress);
  }
}
