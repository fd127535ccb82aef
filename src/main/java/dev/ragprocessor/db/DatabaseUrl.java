package dev.ragprocessor.db;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and how to get in, whichever of the usual forms it was written in. What the
 * driver logs or puts into its errors is {@link #jdbcUrl()}, which knows no secret.
 *
 * @param hosts tried in order, at least one
 * @param database not blank
 * @param user not blank
 * @param password {@link Secret#NONE} when the URL has none: a password file, or a server that asks
 *     for none
 * @param properties for the driver, under the driver's names; never user or password
 */
public record DatabaseUrl(
    List<Host> hosts,
    String database,
    String user,
    Secret password,
    Map<String, String> properties) {

  public DatabaseUrl {
    hosts = List.copyOf(hosts);
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    if (hosts.isEmpty() || database.isBlank() || user.isBlank()) {
      throw new InvalidDatabaseUrlException("it needs a host, a database and a user");
    }
  }

  /**
   * Promises what the URL says, in any of these forms:
   *
   * <ul>
   *   <li>{@code postgres://} and {@code postgresql://} as libpq reads them (PostgreSQL 17 manual,
   *       34.1.1.2): percent-encoded parts, no port, IPv6 in brackets, several hosts, libpq's
   *       options;
   *   <li>the same with what platforms add: Supabase's user {@code postgres.PROJECT}, {@code
   *       pgbouncer=true}, Neon's {@code channel_binding}, Prisma's {@code schema};
   *   <li>{@code jdbc:postgresql:} as the driver reads it, user and password as parameters.
   * </ul>
   *
   * <p>No database means the user's name, no port 5432, no host {@code localhost}. Unix sockets are
   * refused: the driver has none.
   *
   * @throws InvalidDatabaseUrlException saying what is wrong and nothing that could be a password
   */
  public static DatabaseUrl parse(String text) {
    return DatabaseUrlParser.parse(text);
  }

  /** The URL for the driver: hosts and database only. */
  public String jdbcUrl() {
    return "jdbc:postgresql://%s/%s".formatted(authority(), encode(database));
  }

  /** The same server and user, another database. */
  public DatabaseUrl withDatabase(String other) {
    return new DatabaseUrl(hosts, other, user, password, properties);
  }

  /**
   * What stands in between, as far as the URL tells: a transaction pooler where it says {@code
   * pgbouncer=true} or {@code prepareThreshold=0}, or names Supabase's port 6543 (row 32).
   */
  public Pooler pooler() {
    return "0".equals(properties.get("prepareThreshold")) ? Pooler.TRANSACTION : Pooler.NONE;
  }

  /**
   * Promises what the pool is opened with.
   *
   * @param passwords asked at each new connection: {@link #password} for the URL's own, or a {@link
   *     PasswordFile}
   */
  public DatabaseEndpoint endpoint(Supplier<Secret> passwords) {
    return new DatabaseEndpoint(
        jdbcUrl(), properties, user, () -> inClear(passwords.get()), pooler());
  }

  private static @Nullable String inClear(Secret secret) {
    return secret.isNone() ? null : secret.value();
  }

  /** What is safe to log: everything but the password and the options' values. */
  @Override
  public String toString() {
    String options =
        properties.isEmpty()
            ? ""
            : " (" + String.join(", ", properties.keySet().stream().sorted().toList()) + ")";
    return "postgresql://%s%s@%s/%s%s"
        .formatted(
            encode(user), password.isNone() ? "" : ":***", authority(), encode(database), options);
  }

  private String authority() {
    return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * One server.
   *
   * @param name a host name or an address; an IPv6 address without brackets
   * @param port 1 to 65535
   */
  public record Host(String name, int port) {
    @Override
    public String toString() {
      return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + port;
    }
  }
}
