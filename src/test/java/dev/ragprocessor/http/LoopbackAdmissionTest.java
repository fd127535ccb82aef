package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.ingest.Outcome;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * By which names callers on this machine ask: a foreign name that leads here is somebody's trick.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoopbackAdmissionTest {
  private RunningGateway server;

  @BeforeAll
  void start() {
    Admission admission = new LoopbackAdmission("own-name", "This is");
    HttpService guarded =
        new HttpService() {
          @Override
          public void routing(HttpRules rules) {
            rules.get(
                "/guarded",
                (request, response) -> {
                  Caller _ = admission.admit(request);
                  Answers.empty(request, response, Status.NO_CONTENT_204);
                });
          }
        };
    server =
        RunningGateway.with(
            RunningGateway.settings(new Authentication.LoopbackOnly()),
            _ -> new Outcome.Deleted(),
            guarded);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 204",
    "LOCALHOST:8080, 204",
    "127.0.0.1:1, 204",
    "127.1.2.3, 204",
    "[::1]:8080, 204",
    "own-name:8080, 204",
    "evil.example, 403",
    "evil.example:8080, 403",
    "localhost.evil.example, 403",
    "127.0.0.1.evil.example, 403",
    "169.254.169.254, 403",
    "evil.localhost.example:80, 403"
  })
  void only_names_of_this_machine_are_served(String host, int status) throws IOException {
    try (RawClient client = server.raw()) {
      client.lines("GET /guarded HTTP/1.1\nHost: %s\n\n".formatted(host));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 " + status);
    }
  }
}
