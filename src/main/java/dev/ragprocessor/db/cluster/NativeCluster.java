package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.DatabaseUrl.Host;
import dev.ragprocessor.db.Secret;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A private cluster run by a PostgreSQL of this machine. */
final class NativeCluster implements PrivateCluster {
  static final String SUPERUSER = "postgres";

  private final ClusterClaim claim;
  private final NativeServer server;
  private final Secret password;

  private NativeCluster(ClusterClaim claim, NativeServer server, Secret password) {
    this.claim = claim;
    this.server = server;
    this.password = password;
  }

  /**
   * Promises a running cluster.
   *
   * @throws ClusterException as {@link PrivateCluster#start}
   */
  static NativeCluster start(
      LocalPostgres postgres, ClusterSettings settings, Consumer<String> progress) {
    ClusterHome home = ClusterHome.prepare(settings, Account.ofServer());
    ClusterClaim claim = ClusterClaim.of(home);
    try {
      new LeftoverServer(home, postgres).end(progress);
      Secret password = home.password();
      new DataDirectory(home, postgres, settings.lifetime()).make(progress);
      home.turnLog();
      NativeServer server = NativeServer.start(home, postgres, settings.lifetime());
      progress.accept(
          "PostgreSQL %d runs on 127.0.0.1:%d, its data in %s."
              .formatted(postgres.major(), server.port(), home.data()));
      return new NativeCluster(claim, server, password);
    } catch (RuntimeException | Error failure) {
      claim.closeAfter(failure);
      throw failure;
    }
  }

  @Override
  public DatabaseUrl url(String database) {
    return new DatabaseUrl(
        List.of(new Host("127.0.0.1", server.port())), database, SUPERUSER, password, Map.of());
  }

  @Override
  public void close() {
    server.close();
    claim.close();
  }
}
