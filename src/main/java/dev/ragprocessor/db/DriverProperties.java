package dev.ragprocessor.db;

import com.pgvector.PGhalfvec;
import com.pgvector.PGvector;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/** What the driver is told, with the reason for each. */
final class DriverProperties {
  /** How long a cancel request may take on its own connection. */
  private static final Duration CANCEL = Duration.ofSeconds(2);

  private DriverProperties() {}

  /**
   * Promises the properties of one of the pool's connections, with the password of this moment.
   *
   * @param noticesLostClients whether the server can be told to look for clients that are gone
   */
  static Properties pooled(DatabaseSettings settings, boolean noticesLostClients) {
    Properties properties = single(settings);
    // While it is opened; afterwards the watchdog hangs up (see ConnectionPool).
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds(settings.timeouts().socket()));
    // One round trip for a batch of inserts; with binary vectors as fast as COPY.
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    // Looked up once per physical connection; it also makes vectors binary in both directions.
    properties.setProperty("datatype.vector", PGvector.class.getName());
    properties.setProperty("datatype." + VectorArray.TYPE, VectorArray.class.getName());
    properties.setProperty("datatype.halfvec", PGhalfvec.class.getName());
    switch (settings.endpoint().pooler()) {
      case NONE -> PGProperty.OPTIONS.set(properties, options(settings, noticesLostClients));
      // The next transaction may run on a backend that has never seen the statement.
      case TRANSACTION -> PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    }
    return properties;
  }

  /**
   * Promises the properties of a single connection that the pool knows nothing of, with the
   * password of this moment.
   *
   * @throws PasswordFileException when there is none
   */
  static Properties single(DatabaseSettings settings) {
    Properties properties = new Properties();
    PGProperty.APPLICATION_NAME.set(properties, settings.applicationName());
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.timeouts().connect()));
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(settings.timeouts().connect()));
    PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, seconds(CANCEL));
    // Finds a peer that vanished without a word while the connection is idle.
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    properties.putAll(settings.endpoint().properties());
    String user = settings.endpoint().user();
    if (user != null) {
      PGProperty.USER.set(properties, user);
    }
    String password = settings.endpoint().password().get();
    if (password != null) {
      PGProperty.PASSWORD.set(properties, password);
    }
    return properties;
  }

  /** The session's timeouts, given with the connection itself: they cost no round trip. */
  private static String options(DatabaseSettings settings, boolean noticesLostClients) {
    Timeouts timeouts = settings.timeouts();
    String own =
        "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
            .formatted(
                timeouts.statement().toMillis(),
                timeouts.lock().toMillis(),
                timeouts.idleInTransaction().toMillis());
    if (noticesLostClients) {
      // A statement whose client is gone ends within seconds instead of running to its timeout.
      own += " -c client_connection_check_interval=5s";
    }
    String given = settings.endpoint().properties().get(PGProperty.OPTIONS.getName());
    return given == null ? own : own + " " + given;
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.plusMillis(999).toSeconds());
  }
}
