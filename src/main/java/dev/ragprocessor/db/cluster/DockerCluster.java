package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.DatabaseUrl.Host;
import dev.ragprocessor.db.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A private cluster run by a container. */
final class DockerCluster implements PrivateCluster {
  private static final Duration START = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(200);

  /** {@code $1} docker, {@code $2} the container; then docker's arguments. */
  private static final String SCRIPT =
      """
      docker=$1 container=$2
      shift 2
      trap '' INT HUP TERM
      "$docker" rm --force "$container" >/dev/null 2>&1
      "$docker" "$@" || exit
      echo ready
      exec >/dev/null 2>&1
      while read -r _; do :; done
      "$docker" stop --time 30 "$container"
      """;

  private final ClusterClaim claim;
  private final Supervisor supervisor;
  private final int port;
  private final Secret password;

  private DockerCluster(ClusterClaim claim, Supervisor supervisor, int port, Secret password) {
    this.claim = claim;
    this.supervisor = supervisor;
    this.port = port;
    this.password = password;
  }

  /**
   * Promises a running cluster.
   *
   * @throws ClusterException as {@link PrivateCluster#start}
   */
  static DockerCluster start(
      DockerEngine engine, ClusterSettings settings, Consumer<String> progress) {
    return start(engine, settings, progress, START);
  }

  static DockerCluster start(
      DockerEngine engine, ClusterSettings settings, Consumer<String> progress, Duration limit) {
    ClusterHome home = ClusterHome.prepare(settings, new Account.Self());
    ClusterClaim claim = ClusterClaim.of(home);
    try {
      Secret password = home.password();
      engine.fetchImage(progress);
      int port = ServerOptions.freePort();
      String container = container(settings);
      List<String> arguments = new ArrayList<>(List.of(engine.executable().toString(), container));
      arguments.addAll(DockerEngine.run(container, port, settings.lifetime()));
      Supervisor supervisor =
          Supervisor.start(SCRIPT, arguments, Map.of("POSTGRES_PASSWORD", password.value()), limit);
      DockerCluster cluster = new DockerCluster(claim, supervisor, port, password);
      cluster.awaitAnswer(container, limit);
      progress.accept(
          "PostgreSQL runs on 127.0.0.1:%d, in the container %s.".formatted(port, container));
      return cluster;
    } catch (RuntimeException | Error failure) {
      claim.closeAfter(failure);
      throw failure;
    }
  }

  /** One container and volume a cluster and home: two users of one engine never meet. */
  static String container(ClusterSettings settings) {
    Path directory = settings.home().resolve(settings.name());
    return "rag-processor-%s-%08x".formatted(settings.name(), directory.toString().hashCode());
  }

  @Override
  public DatabaseUrl url(String database) {
    return new DatabaseUrl(
        List.of(new Host("127.0.0.1", port)),
        database,
        NativeCluster.SUPERUSER,
        password,
        Map.of());
  }

  @Override
  public void close() {
    supervisor.close();
    claim.close();
  }

  /** The container is there at once; its server answers when the data has been made. */
  private void awaitAnswer(String container, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try (Connection _ = Databases.connect(url("postgres"))) {
        return;
      } catch (SQLException notYet) {
        if (System.nanoTime() > deadline) {
          supervisor.close();
          throw new ClusterException(
              "The server in the container %s did not answer within %d s; 'docker logs %s' may say why."
                  .formatted(container, limit.toSeconds(), container),
              notYet);
        }
      }
      pause();
    }
  }

  private void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException interrupt) {
      supervisor.close();
      Thread.currentThread().interrupt();
      throw new ClusterException("Interrupted while the container started.", interrupt);
    }
  }
}
