package dev.ragprocessor.http;

import java.net.URI;
import java.util.Set;

/** Who may call. */
public sealed interface Authentication {
  /** Nobody is asked who they are, which is right only where nobody else can reach the server. */
  record LoopbackOnly() implements Authentication {}

  /**
   * Nobody is asked who they are, said explicitly: something else keeps others out. Eventarc's
   * forwarder on GKE sends no token, so that a NetworkPolicy has to.
   */
  record None() implements Authentication {}

  /**
   * An OIDC token as {@code Authorization: Bearer}, signed with RS256.
   *
   * @param keys where the issuer publishes its keys (JWKS); Google's are at {@code
   *     https://www.googleapis.com/oauth2/v3/certs}
   * @param issuers of which the token must name one
   * @param audience that the token must be for
   * @param emails of the service accounts that may call, verified by the issuer; empty for any
   * @param tenantClaim the claim with the caller's tenant, a UUID; empty when there is none
   */
  record Oidc(
      URI keys, Set<String> issuers, String audience, Set<String> emails, String tenantClaim)
      implements Authentication {
    /** Google writes its issuer in both ways. */
    public static final Set<String> GOOGLE =
        Set.of("https://accounts.google.com", "accounts.google.com");

    public Oidc {
      issuers = Set.copyOf(issuers);
      emails = Set.copyOf(emails);
      if (issuers.isEmpty() || audience.isBlank()) {
        throw new IllegalArgumentException("OIDC needs an issuer and an audience");
      }
    }
  }
}
