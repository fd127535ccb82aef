package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes away and comes back while the program serves. */
class PostgresOutageIT {
  @TempDir Path directory;

  @Test
  void an_outage_is_answered_503_and_then_everything_works_again() throws IOException {
    try (TestServer postgres = new TestServer();
        Running running = Running.over(postgres.url(), directory, Map.of())) {
      assertThat(running.admin("/health/ready").statusCode()).isEqualTo(200);
      postgres.stopImmediately();

      HttpResponse<String> refused =
          running.deliver("storm.txt", Map.of(), Running.object("storm.txt", 1));
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(running.admin("/health/live").statusCode()).isEqualTo(200);
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> running.admin("/health/ready").statusCode() == 503);
      // Dropped during the outage: its event is refused, and delivered again once it is over.
      running.drop("storm.txt", "The surge broke the eastern dike.".getBytes(UTF_8));

      postgres.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(running.search("What did the storm break?"))
                      .anyMatch(text -> text.contains("eastern dike")));
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> running.admin("/health/ready").statusCode() == 200);
      running.atRest();
    }
  }
}
