package dev.ragprocessor.db.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A running server of this machine under a supervisor. */
record NativeServer(int port, Supervisor supervisor) implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(75);

  /**
   * {@code $1} data, {@code $2} log, {@code $3} server options, {@code $4} and {@code $5} what to
   * remove at the end, or empty; then the words of pg_ctl. pg_ctl starts the server in a session of
   * its own, so that a terminal's Ctrl-C does not reach it. At the end only the server that was
   * started here is stopped, not one that another program has started on the data meanwhile.
   */
  private static final String SCRIPT =
      """
      data=$1 log=$2 options=$3 scratch=$4 home=$5
      shift 5
      trap '' INT HUP TERM
      "$@" -D "$data" -l "$log" -w -t 60 -o "$options" start || {
        status=$?
        "$@" -D "$data" -m immediate -w -t 10 stop
        exit $status
      }
      server=$(head -n 1 "$data/postmaster.pid")
      echo ready
      exec >/dev/null 2>&1
      while read -r _; do :; done
      if [ "$(head -n 1 "$data/postmaster.pid")" = "$server" ]; then
        "$@" -D "$data" -m fast -w -t 30 stop || "$@" -D "$data" -m immediate -w -t 10 stop
      fi
      if [ -n "$scratch" ]; then
        rm -rf -- "$scratch"
        rmdir -- "$home"
      fi
      """;

  /**
   * Promises a server that takes connections on a free loopback port.
   *
   * @throws ClusterException with the end of the server's log, when it does not start
   */
  static NativeServer start(ClusterHome home, LocalPostgres postgres, Lifetime lifetime) {
    int port = ServerOptions.freePort();
    boolean scratch = lifetime == Lifetime.SCRATCH;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                home.data().toString(),
                home.log().toString(),
                options(port, lifetime),
                scratch ? home.directory().toString() : "",
                scratch ? String.valueOf(home.directory().getParent()) : ""));
    arguments.addAll(home.account().command(List.of(postgres.bin().resolve("pg_ctl").toString())));
    try {
      return new NativeServer(port, Supervisor.start(SCRIPT, arguments, Map.of(), START));
    } catch (ClusterException cause) {
      throw new ClusterException(
          "PostgreSQL %d did not start on 127.0.0.1:%d with the data in %s. The end of its log:%n%s"
              .formatted(postgres.major(), port, home.data(), home.logTail()),
          cause);
    }
  }

  @Override
  public void close() {
    supervisor.close();
  }

  private static String options(int port, Lifetime lifetime) {
    List<String> settings =
        new ArrayList<>(
            List.of("port=" + port, "listen_addresses=127.0.0.1", "unix_socket_directories="));
    settings.addAll(ServerOptions.of(lifetime));
    return "-c " + String.join(" -c ", settings);
  }
}
