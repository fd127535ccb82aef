package dev.ragprocessor.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where the server listens and for whom.
 *
 * @param host to listen on, for both ports
 * @param port for deliveries and the API; 0 picks a free one
 * @param adminPort for health and metrics; 0 picks a free one
 * @param deliveries who may deliver events
 * @param api who may search and see jobs and documents; without OIDC only callers on this machine
 *     are served, whatever the host, since the tenant is then what the caller says it is
 */
public record HttpSettings(
    String host,
    int port,
    int adminPort,
    HttpLimits limits,
    Authentication deliveries,
    Authentication api) {
  /**
   * @throws IllegalArgumentException when anybody could deliver and nobody said that this is meant
   */
  public HttpSettings {
    requirePort(port, "server.port");
    requirePort(adminPort, "server.admin-port");
    if (port != 0 && port == adminPort) {
      throw new IllegalArgumentException(
          "server.port and server.admin-port are both %d; they must differ".formatted(port));
    }
    if (deliveries instanceof Authentication.LoopbackOnly && !address(host).isLoopbackAddress()) {
      throw new IllegalArgumentException(
          ("server.host is %s, where others can reach it, and nobody has to say who they are:"
                  + " set auth.deliveries to oidc, or to none if something else keeps others out")
              .formatted(host));
    }
    if (api instanceof Authentication.Oidc oidc && oidc.tenantClaim().isEmpty()) {
      throw new IllegalArgumentException(
          "auth.api is oidc: it needs the claim that holds the caller's tenant");
    }
  }

  private static void requirePort(int port, String key) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(key + " must be 0 to 65535: " + port);
    }
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw new IllegalArgumentException("server.host is not known: " + host, unknown);
    }
  }
}
