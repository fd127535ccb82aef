package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.cluster.Provision.Container;
import dev.ragprocessor.db.cluster.Provision.Found;
import dev.ragprocessor.db.cluster.Provision.Installed;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The way from nothing to a running cluster. */
record ClusterStart(ClusterSettings settings, Consumer<String> progress) {
  PrivateCluster start() {
    Path data = settings.home().resolve(settings.name()).resolve("data");
    int major = DataDirectory.major(data);
    List<Path> path = SearchPath.directories();
    Provisioning provisioning =
        new Provisioning(
            PostgresFinder.ofThisMachine(),
            new DockerEngine(path),
            DebianInstaller.ofThisMachine(),
            settings.install());
    return switch (provisioning.provide(major, progress)) {
      case Found(LocalPostgres server) -> NativeCluster.start(server, settings, progress);
      case Installed(LocalPostgres server) -> NativeCluster.start(server, settings, progress);
      case Container(DockerEngine engine) -> {
        if (major != 0) {
          throw new ClusterException(
              ("The private cluster in %s was made by a PostgreSQL %d of this machine, which is no"
                      + " longer there with pgvector. Install it again, or move the directory away"
                      + " to begin with an empty cluster in a container.")
                  .formatted(data.getParent(), major));
        }
        yield DockerCluster.start(engine, settings, progress);
      }
    };
  }
}
