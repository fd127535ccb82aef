package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.ragprocessor.ingest.Outcome;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenAdmissionTest {
  private final AtomicInteger delivered = new AtomicInteger();
  private TokenIssuer issuer;
  private RunningGateway server;

  @BeforeEach
  void start() {
    issuer = new TokenIssuer();
    server =
        RunningGateway.with(
            RunningGateway.settings(
                new Authentication.Oidc(
                    issuer.keys(),
                    Authentication.Oidc.GOOGLE,
                    TokenIssuer.AUDIENCE,
                    Set.of(TokenIssuer.EMAIL),
                    "")),
            _ -> {
              delivered.incrementAndGet();
              return new Outcome.Deleted();
            },
            RunningGateway.noChecks());
  }

  @AfterEach
  void stop() {
    server.close();
    issuer.close();
  }

  @Test
  void the_triggers_token_is_accepted_in_both_spellings_of_the_issuer() {
    assertThat(send(issuer.sign(TokenIssuer.claims())).statusCode()).isEqualTo(204);
    assertThat(send(issuer.sign(TokenIssuer.claims().issuer("accounts.google.com"))).statusCode())
        .isEqualTo(204);
    assertThat(issuer.fetches()).as("the keys are kept").isEqualTo(1);
  }

  @Test
  void without_a_token_it_is_told_which_kind_is_needed() {
    HttpResponse<String> answer = server.send(server.event("finalized"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
    HttpResponse<String> basic =
        server.send(server.event("finalized").header("authorization", "Basic eDp5"));
    assertThat(basic.statusCode()).isEqualTo(401);
    assertThat(delivered).hasValue(0);
  }

  @Test
  void a_token_in_the_query_is_no_token() {
    String token = issuer.sign(TokenIssuer.claims());
    assertThat(
            server
                .send(
                    server
                        .event("finalized")
                        .uri(server.request("/?access_token=" + token).build().uri()))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void what_is_no_valid_token_is_refused() {
    Date past = Date.from(Instant.now().minus(Duration.ofMinutes(5)));
    assertInvalid("garbage");
    assertInvalid(issuer.sign(TokenIssuer.claims().expirationTime(past)));
    assertInvalid(issuer.sign(TokenIssuer.claims().expirationTime(null)));
    assertInvalid(issuer.sign(TokenIssuer.claims().audience("https://other.example.com/")));
    assertInvalid(issuer.sign(TokenIssuer.claims().issuer("https://evil.example.com")));
    assertInvalid(issuer.sign(TokenIssuer.claims().subject(null)));
    assertInvalid(issuer.forge(TokenIssuer.claims()));
    assertInvalid(issuer.confuse(TokenIssuer.claims()));
    assertInvalid(new PlainJWT(TokenIssuer.claims().build()).serialize());
    assertThat(delivered).hasValue(0);
  }

  @Test
  void a_valid_token_of_somebody_else_is_forbidden() {
    assertForbidden(TokenIssuer.claims().claim("email", "other@project.iam.gserviceaccount.com"));
    assertForbidden(TokenIssuer.claims().claim("email_verified", false));
    assertForbidden(TokenIssuer.claims().claim("email_verified", "true"));
    assertForbidden(TokenIssuer.claims().claim("email", null));
    assertThat(delivered).hasValue(0);
  }

  @Test
  void a_rotated_key_is_picked_up() {
    assertThat(send(issuer.sign(TokenIssuer.claims())).statusCode()).isEqualTo(204);
    issuer.rotate();
    String token = issuer.sign(TokenIssuer.claims());
    // The keys are fetched once a second at most.
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> send(token).statusCode() == 204);
    assertThat(issuer.fetches()).isLessThan(5);
  }

  @Test
  void while_no_keys_can_be_had_deliveries_are_told_to_come_again() {
    String token = issuer.sign(TokenIssuer.claims());
    issuer.fail();
    HttpResponse<String> answer = send(token);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("10");
    assertThat(answer.body()).doesNotContain(token);
  }

  @Test
  void known_keys_outlive_their_publisher() {
    String token = issuer.sign(TokenIssuer.claims());
    assertThat(send(token).statusCode()).isEqualTo(204);
    issuer.fail();
    assertThat(send(token).statusCode()).isEqualTo(204);
  }

  private void assertInvalid(String token) {
    HttpResponse<String> answer = send(token);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("www-authenticate"))
        .hasValue("Bearer error=\"invalid_token\"");
    assertThat(answer.body()).doesNotContain(token);
  }

  private void assertForbidden(JWTClaimsSet.Builder claims) {
    assertThat(send(issuer.sign(claims)).statusCode()).isEqualTo(403);
  }

  private HttpResponse<String> send(String token) {
    return server.send(server.event("finalized").header("authorization", "Bearer " + token));
  }
}
