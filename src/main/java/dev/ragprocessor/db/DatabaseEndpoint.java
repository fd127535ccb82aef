package dev.ragprocessor.db;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who asks.
 *
 * @param jdbcUrl a {@code jdbc:postgresql:} URL without a password
 * @param properties further properties of the driver, for example {@code sslmode}; copied
 * @param user the role, or null where the URL or the driver's own default names it
 * @param password read again for every new physical connection, so that a rotated one is used
 *     without a restart; it may return null where no password is needed
 * @param pooler what stands in between
 */
public record DatabaseEndpoint(
    String jdbcUrl,
    Map<String, String> properties,
    @Nullable String user,
    Supplier<@Nullable String> password,
    Pooler pooler) {
  public DatabaseEndpoint {
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("the URL must start with jdbc:postgresql:");
    }
    properties = Map.copyOf(properties);
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(pooler, "pooler");
  }

  /** Promises a direct endpoint whose URL says everything and that needs no password. */
  public static DatabaseEndpoint of(String jdbcUrl) {
    return new DatabaseEndpoint(jdbcUrl, Map.of(), null, () -> null, Pooler.NONE);
  }

  /** Promises the same with something else in between. */
  public DatabaseEndpoint behind(Pooler other) {
    return new DatabaseEndpoint(jdbcUrl, properties, user, password, other);
  }

  /**
   * Promises the URL up to its parameters and without any credentials before the host: fit for logs
   * and messages.
   */
  String printable() {
    int query = jdbcUrl.indexOf('?');
    String path = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    int at = path.lastIndexOf('@');
    return at < 0 ? path : "jdbc:postgresql://" + path.substring(at + 1);
  }

  @Override
  public String toString() {
    return "DatabaseEndpoint[" + printable() + ", pooler=" + pooler + "]";
  }
}
