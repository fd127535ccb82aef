package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.StubEmbedder;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.Browser;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The page in a real browser, where the service asks for a token. */
class SignInIT {
  private static final TenantId ANNA = new TenantId(new UUID(0, 1));

  @Test
  void a_token_is_asked_for_kept_in_the_tab_and_forgotten() throws Exception {
    StubEmbedder embedder = new StubEmbedder(new EmbedderSettings.Stub(16, Duration.ZERO));
    try (Database database =
            Database.open(
                DatabaseSettings.of(TestDatabases.migrated()), new SimpleMeterRegistry());
        TokenIssuer issuer = new TokenIssuer();
        RunningGateway server = guarded(database, embedder, issuer);
        Browser browser = new Browser()) {
      browser.open(URI.create("http://127.0.0.1:" + server.gateway().port()));
      browser.see("#connection", "Not signed in");

      browser.see("#token").sendKeys("no.token.at-all");
      browser.see("button", "Sign in").click();
      browser.see(".reason", "malformed");

      String token = issuer.sign(TokenIssuer.claims().claim("tenant", ANNA.toString()));
      browser.see("#token").sendKeys(token);
      browser.see("button", "Sign in").click();
      browser.see("#connection", "Live");
      assertThat(browser.run("return sessionStorage.getItem('rag.token')")).isEqualTo(token);
      assertThat(browser.run("return JSON.stringify(localStorage) + document.cookie"))
          .isEqualTo("{}");
      assertThat(browser.address()).doesNotContain(token);

      browser.see("#settings").click();
      assertThat(browser.see("#tenant").getAttribute("readonly")).isNotNull();
      assertThat(browser.see("#tenant").getDomProperty("value")).isEqualTo(ANNA.toString());
      browser.see("input[name=sign-out]").click();
      browser.see("dialog button", "Save").click();
      browser.see("#token");
      assertThat(browser.run("return sessionStorage.getItem('rag.token')")).isEqualTo("null");
    }
  }

  private static RunningGateway guarded(
      Database database, StubEmbedder embedder, TokenIssuer issuer) {
    ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    return RunningGateway.with(
        new HttpSettings(
            "127.0.0.1",
            0,
            0,
            RunningGateway.LIMITS,
            new Authentication.LoopbackOnly(),
            new Authentication.Oidc(
                issuer.keys(),
                Authentication.Oidc.GOOGLE,
                TokenIssuer.AUDIENCE,
                Set.of(),
                "tenant")),
        _ -> new Outcome.Deleted(),
        database,
        new Search(database, embedder, space));
  }
}
