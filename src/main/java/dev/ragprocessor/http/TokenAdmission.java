package dev.ragprocessor.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.ragprocessor.store.TenantId;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits who brings an OIDC token that the issuer signed, for this audience, not expired (a
 * minute's skew is allowed), of an e-mail that is verified and listed (Pub/Sub, "Authenticate push
 * subscriptions").
 *
 * <p>The keys are fetched when a token names one that is not known, at most once a second, cached,
 * and kept for four hours when the issuer cannot be reached. Neither tokens nor claims are logged.
 */
final class TokenAdmission implements Admission {
  private static final Logger LOG = LoggerFactory.getLogger(TokenAdmission.class);
  private static final String SCHEME = "bearer ";
  private static final int CONNECT_MILLIS = 1_000;
  private static final int READ_MILLIS = 2_000;
  private static final int MAX_KEYS_BYTES = 64 * 1024;
  private static final long CACHED_MILLIS = Duration.ofMinutes(15).toMillis();
  private static final long REFRESH_MILLIS = Duration.ofSeconds(5).toMillis();
  private static final long MIN_FETCH_MILLIS = Duration.ofSeconds(1).toMillis();
  private static final long OUTAGE_MILLIS = Duration.ofHours(4).toMillis();
  private static final Duration RETRY_KEYS = Duration.ofSeconds(10);

  private final Authentication.Oidc settings;
  private final DefaultJWTProcessor<SecurityContext> tokens = new DefaultJWTProcessor<>();

  TokenAdmission(Authentication.Oidc settings) {
    this.settings = settings;
    tokens.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys(settings)));
    tokens.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            settings.audience(), new JWTClaimsSet.Builder().build(), Set.of("exp", "iss", "sub")));
  }

  private static JWKSource<SecurityContext> keys(Authentication.Oidc settings) {
    try {
      return JWKSourceBuilder.create(
              settings.keys().toURL(),
              new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_KEYS_BYTES))
          .cache(CACHED_MILLIS, REFRESH_MILLIS)
          .rateLimited(MIN_FETCH_MILLIS)
          .retrying(true)
          .outageTolerant(OUTAGE_MILLIS)
          .build();
    } catch (MalformedURLException malformed) {
      throw new IllegalArgumentException("auth: no URL of keys: " + settings.keys(), malformed);
    }
  }

  @Override
  public Caller admit(ServerRequest request) {
    JWTClaimsSet claims = verified(token(request));
    if (!settings.issuers().contains(claims.getIssuer())) {
      throw unknown("The token's issuer is not one of those trusted here");
    }
    requireListed(claims);
    return caller(claims);
  }

  private static String token(ServerRequest request) {
    List<String> values = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
    if (values.size() != 1 || !values.getFirst().toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw Refusal.with(
          Status.UNAUTHORIZED_401,
          "A token is needed: Authorization: Bearer …",
          "WWW-Authenticate",
          "Bearer");
    }
    return values.getFirst().substring(SCHEME.length()).strip();
  }

  private JWTClaimsSet verified(String token) {
    try {
      return tokens.process(token, null);
    } catch (ParseException | BadJOSEException invalid) {
      LOG.debug("A token was refused: {}", invalid.getClass().getSimpleName());
      throw unknown("The token is malformed, expired, not for this audience, or not signed");
    } catch (JOSEException unavailable) {
      LOG.warn("The issuer's keys cannot be had from {}", settings.keys(), unavailable);
      throw Refusal.later(
          Status.SERVICE_UNAVAILABLE_503, "The issuer's keys cannot be had now", RETRY_KEYS);
    }
  }

  private void requireListed(JWTClaimsSet claims) {
    boolean verified = Boolean.TRUE.equals(claims.getClaim("email_verified"));
    Object email = claims.getClaim("email");
    if (!settings.emails().isEmpty()
        && !(verified && email instanceof String text && settings.emails().contains(text))) {
      throw Refusal.of(Status.FORBIDDEN_403, "The token's e-mail is not verified or not allowed");
    }
  }

  private Caller caller(JWTClaimsSet claims) {
    if (settings.tenantClaim().isEmpty()) {
      return new Caller.Known(claims.getSubject());
    }
    try {
      Object tenant = claims.getClaim(settings.tenantClaim());
      return new Caller.Member(
          claims.getSubject(), new TenantId(UUID.fromString(String.valueOf(tenant))));
    } catch (IllegalArgumentException noTenant) {
      throw Refusal.of(Status.FORBIDDEN_403, "The token names no tenant");
    }
  }

  private static Refusal unknown(String detail) {
    return Refusal.with(
        Status.UNAUTHORIZED_401, detail, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }
}
