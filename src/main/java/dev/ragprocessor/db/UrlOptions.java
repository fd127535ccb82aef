package dev.ragprocessor.db;

import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Options of a database URL under the driver's names: libpq's own (PostgreSQL 17 manual, 34.1.2),
 * the driver's, and those that platforms and other clients' URLs carry.
 */
final class UrlOptions {
  /** libpq's name, and the driver's for the same meaning and values. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          Map.entry("application_name", "ApplicationName"),
          Map.entry("fallback_application_name", "ApplicationName"),
          Map.entry("channel_binding", "channelBinding"),
          Map.entry("connect_timeout", "connectTimeout"),
          Map.entry("gssencmode", "gssEncMode"),
          Map.entry("krbsrvname", "kerberosServerName"),
          Map.entry("require_auth", "requireAuth"),
          Map.entry("sslnegotiation", "sslNegotiation"),
          Map.entry("schema", "currentSchema"));

  /** What concerns another client's pool or has no counterpart, and may stand in a URL unread. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "connection_limit",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "pool_timeout",
          "sslcompression",
          "sslsni",
          "statement_cache_size",
          "supa",
          "uselibpqcompat");

  private static final Set<String> SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  private UrlOptions() {}

  /** Promises a new map, to which more may be added. */
  static Map<String, String> of(Map<String, String> options) {
    Map<String, String> properties = new LinkedHashMap<>();
    options.forEach((name, value) -> add(properties, name, value));
    return properties;
  }

  private static void add(Map<String, String> properties, String name, String value) {
    switch (name) {
      case "sslmode" -> properties.put("sslmode", oneOf(SSL_MODES, name, value));
      case "sslrootcert" -> rootCertificate(properties, value);
      case "target_session_attrs" -> properties.put("targetServerType", serverType(value));
      case "load_balance_hosts" ->
          properties.put(
              "loadBalanceHosts",
              String.valueOf(oneOf(Set.of("disable", "random"), name, value).equals("random")));
      case "keepalives" ->
          properties.put(
              "tcpKeepAlive", String.valueOf(oneOf(Set.of("0", "1"), name, value).equals("1")));
      case "client_encoding" ->
          oneOf(Set.of("utf8", "utf-8", "auto"), name, value.toLowerCase(Locale.ROOT));
      case "pgbouncer" -> {
        // Prisma's and Supabase's sign for a pooler in transaction mode (row 32).
        if (oneOf(Set.of("true", "false"), name, value).equals("true")) {
          properties.put("prepareThreshold", "0");
        }
      }
      default -> addByName(properties, name, value);
    }
  }

  private static void addByName(Map<String, String> properties, String name, String value) {
    String renamed = RENAMED.getOrDefault(name, name);
    if (isKnownToTheDriver(renamed)) {
      properties.put(renamed, value);
    } else if (!WITHOUT_EFFECT.contains(name)) {
      throw new InvalidDatabaseUrlException(
          "neither libpq nor the driver knows its option " + name);
    }
  }

  private static boolean isKnownToTheDriver(String name) {
    String url = "jdbc:postgresql://localhost/";
    try {
      DriverPropertyInfo[] known =
          DriverManager.getDriver(url).getPropertyInfo(url, new Properties());
      return Arrays.stream(known).anyMatch(property -> property.name.equals(name));
    } catch (SQLException cause) {
      throw new IllegalStateException("The PostgreSQL driver is not on the class path.", cause);
    }
  }

  private static void rootCertificate(Map<String, String> properties, String value) {
    if (value.equals("system")) {
      // libpq's word for the certificates that the system trusts, which implies verify-full.
      properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
      properties.putIfAbsent("sslmode", "verify-full");
    } else {
      properties.put("sslrootcert", value);
    }
  }

  private static String serverType(String value) {
    return switch (value) {
      case "any" -> "any";
      case "read-write", "primary" -> "primary";
      case "read-only", "standby" -> "secondary";
      case "prefer-standby" -> "preferSecondary";
      default ->
          throw new InvalidDatabaseUrlException(
              "its option target_session_attrs must be any, read-write, primary, read-only, standby"
                  + " or prefer-standby");
    };
  }

  private static String oneOf(Set<String> allowed, String name, String value) {
    if (!allowed.contains(value)) {
      throw new InvalidDatabaseUrlException(
          "its option %s must be one of %s"
              .formatted(name, String.join(", ", allowed.stream().sorted().toList())));
    }
    return value;
  }
}
