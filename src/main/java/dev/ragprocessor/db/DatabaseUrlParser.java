package dev.ragprocessor.db;

import dev.ragprocessor.db.DatabaseUrl.Host;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes a database URL apart. A password that was not percent-encoded can end up in any part of the
 * URL; therefore no message repeats a part, but for option names of a plain shape.
 */
final class DatabaseUrlParser {
  private static final Pattern FORM = Pattern.compile("(?i)(jdbc:postgresql:|postgres(?:ql)?://)");
  private static final Pattern OPTION_NAME = Pattern.compile("[A-Za-z][A-Za-z_]{0,40}");
  private static final Pattern BARE_IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^\\[\\]:@]*))(?::([0-9]{0,5}))?");

  private final boolean jdbc;
  private final Map<String, String> options = new LinkedHashMap<>();
  private String hosts = "";
  private String ports = "";
  private String database = "";
  private String user = "";
  private String password = "";

  private DatabaseUrlParser(boolean jdbc) {
    this.jdbc = jdbc;
  }

  static DatabaseUrl parse(String text) {
    String trimmed = text.strip();
    Matcher form = FORM.matcher(trimmed);
    if (!form.lookingAt()) {
      throw new InvalidDatabaseUrlException(
          "it must begin with postgresql://, postgres:// or jdbc:postgresql:");
    }
    boolean jdbc = form.group().toLowerCase(Locale.ROOT).startsWith("jdbc:");
    DatabaseUrlParser parser = new DatabaseUrlParser(jdbc);
    parser.take(trimmed.substring(form.end()));
    return parser.finish();
  }

  private void take(String rest) {
    int query = rest.indexOf('?');
    String beforeQuery = query < 0 ? rest : rest.substring(0, query);
    String path = beforeQuery;
    if (!jdbc || beforeQuery.startsWith("//")) {
      String location = jdbc ? beforeQuery.substring(2) : beforeQuery;
      int slash = location.indexOf('/');
      authority(slash < 0 ? location : location.substring(0, slash));
      path = slash < 0 ? "" : location.substring(slash + 1);
    } else if (path.startsWith("/")) {
      path = path.substring(1);
    }
    if (path.indexOf('@') >= 0 || path.indexOf('/') >= 0 || path.indexOf('#') >= 0) {
      throw unencoded();
    }
    database = decode(path, "database name");
    if (query >= 0) {
      parameters(rest.substring(query + 1));
    }
  }

  private void authority(String authority) {
    int at = authority.lastIndexOf('@');
    hosts = authority.substring(at + 1);
    if (at >= 0) {
      String login = authority.substring(0, at);
      int colon = login.indexOf(':');
      user = decode(colon < 0 ? login : login.substring(0, colon), "user");
      password = colon < 0 ? "" : decode(login.substring(colon + 1), "password");
    }
  }

  private void parameters(String query) {
    // A raw @ here is, but for JDBC parameters, the tail of a password with an unencoded "?".
    if (!jdbc && query.indexOf('@') >= 0) {
      throw unencoded();
    }
    for (String parameter : query.split("&", -1)) {
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (!OPTION_NAME.matcher(name).matches()) {
        throw unencoded();
      }
      parameter(name, decode(equals < 0 ? "" : parameter.substring(equals + 1), "option " + name));
    }
  }

  private void parameter(String name, String value) {
    switch (name) {
      case "user" -> user = value;
      case "password" -> password = value;
      case "dbname" -> database = value;
      case "host" -> hosts = bracketed(value);
      case "port" -> ports = value;
      default -> options.put(name, value);
    }
  }

  /** libpq's {@code host=} takes a bare IPv6 address; in an authority it needs brackets. */
  private static String bracketed(String names) {
    return Arrays.stream(names.split(",", -1))
        .map(name -> BARE_IPV6.matcher(name).matches() ? "[" + name + "]" : name)
        .collect(Collectors.joining(","));
  }

  private DatabaseUrl finish() {
    if (user.isBlank()) {
      throw new InvalidDatabaseUrlException("it names no user");
    }
    List<Host> servers = hosts();
    Map<String, String> properties = UrlOptions.of(options);
    if (servers.stream().anyMatch(DatabaseUrlParser::isTransactionPooler)) {
      properties.putIfAbsent("prepareThreshold", "0");
    }
    return new DatabaseUrl(
        servers, database.isBlank() ? user : database, user, new Secret(password), properties);
  }

  /**
   * Supabase's pooler gives every transaction another connection on port 6543, so that a prepared
   * statement is not there the next time (row 32).
   */
  private static boolean isTransactionPooler(Host host) {
    return host.port() == 6543
        && (host.name().endsWith(".pooler.supabase.com") || host.name().endsWith(".supabase.co"));
  }

  private List<Host> hosts() {
    if (hosts.startsWith("/") || hosts.startsWith("%2F") || hosts.startsWith("%2f")) {
      throw new InvalidDatabaseUrlException(
          "it names a Unix socket; the driver speaks TCP only, so name a host (for Cloud SQL, the"
              + " Cloud SQL Auth Proxy's)");
    }
    String[] extraPorts = ports.isEmpty() ? new String[0] : ports.split(",", -1);
    String[] names = hosts.split(",", -1);
    if (extraPorts.length > 1 && extraPorts.length != names.length) {
      throw new InvalidDatabaseUrlException(
          "it has %d hosts and %d ports".formatted(names.length, extraPorts.length));
    }
    List<Host> servers = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String port = extraPorts.length == 0 ? "" : extraPorts[Math.min(i, extraPorts.length - 1)];
      servers.add(host(names[i], port));
    }
    return servers;
  }

  private Host host(String text, String extraPort) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      throw new InvalidDatabaseUrlException(
          "host and port cannot be read: the port must be a number, an IPv6 address be in brackets,"
              + " and in a password each of / ? # @ : % be percent-encoded");
    }
    String address = host.group(1);
    String name = address == null ? decode(host.group(2), "host") : address;
    String inAuthority = host.group(3);
    return new Host(
        name.isEmpty() ? "localhost" : name,
        port(inAuthority == null || inAuthority.isEmpty() ? extraPort : inAuthority));
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      return 5432;
    }
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw new InvalidDatabaseUrlException("the port must be a number from 1 to 65535");
    }
    return port;
  }

  private String decode(String text, String what) {
    try {
      // The driver reads a + as a blank, libpq as itself.
      return URLDecoder.decode(jdbc ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      // The cause is left out: its message repeats the text, which may be the password.
      throw new InvalidDatabaseUrlException(
          "in its %s a %% must begin two hexadecimal digits; %%25 stands for itself"
              .formatted(what));
    }
  }

  private static InvalidDatabaseUrlException unencoded() {
    return new InvalidDatabaseUrlException(
        "it cannot be taken apart; in user and password each of / ? # @ : % must be"
            + " percent-encoded, for example @ as %40");
  }
}
