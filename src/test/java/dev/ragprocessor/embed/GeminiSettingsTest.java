package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiSettingsTest {
  private static final GeminiAccess API = new GeminiAccess.DeveloperApi(new ApiKey("secret-key"));
  private static final GeminiAccess VERTEX =
      GeminiAccess.VertexAi.withDefaultCredentials("proj-1", "europe-west4");

  @Test
  void has_the_documented_defaults() {
    GeminiSettings settings = GeminiSettings.defaults(API);
    assertThat(settings)
        .isEqualTo(
            new GeminiSettings(
                API,
                "",
                "gemini-embedding-001",
                768,
                100,
                20_000,
                8,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-embedding-001, 100, 1",
    "gemini-embedding-2, 100, 1",
    "text-embedding-005, 100, 250"
  })
  void has_the_model_s_own_limit_of_texts(String model, int api, int vertex) {
    assertThat(GeminiSettings.defaults(API, model).maxTextsPerRequest()).isEqualTo(api);
    assertThat(GeminiSettings.defaults(VERTEX, model).maxTextsPerRequest()).isEqualTo(vertex);
  }

  @Test
  void refuses_batches_where_the_sdk_would() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> GeminiSettings.defaults(VERTEX, "gemini-embedding-2").withRequestLimits(2, 1_000))
        .withMessageContaining("max texts per request must be 1 to 1");
    assertThat(GeminiSettings.defaults(VERTEX).withRequestLimits(250, 1_000).maxTextsPerRequest())
        .isEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "multimodalembedding@001", "x:predict", "a b", "../x"})
  void refuses_what_is_no_model(String model) {
    assertThatIllegalArgumentException().isThrownBy(() -> GeminiSettings.defaults(API, model));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "ftp://127.0.0.1",
        "https://user:pass@example.com",
        "nowhere",
        "https:"
      })
  void sends_no_key_in_the_clear(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeminiSettings.defaults(API).withBaseUrl(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://gateway.example.com/gemini", "http://127.0.0.1:8080", "http://localhost"})
  void takes_another_address(String url) {
    assertThat(GeminiSettings.defaults(API).withBaseUrl(url).baseUrl()).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({"proj/1, global", "'', global", "proj-1, 'us.evil.com/'", "proj-1, ''"})
  void refuses_what_is_no_project_or_location(String project, String location) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeminiAccess.VertexAi.withDefaultCredentials(project, location));
  }

  @Test
  void refuses_values_out_of_range() {
    GeminiSettings settings = GeminiSettings.defaults(API);
    assertThatThrownBy(() -> settings.withDimensions(3_073)).hasMessageContaining("1 to 3072");
    assertThatThrownBy(() -> settings.withRequestLimits(251, 1_000)).hasMessageContaining("250");
    assertThatThrownBy(() -> settings.withRequestLimits(1, 99)).hasMessageContaining("100");
    assertThatThrownBy(() -> settings.withBounds(0, Duration.ofSeconds(1), Duration.ZERO))
        .hasMessageContaining("concurrent");
    assertThatThrownBy(() -> settings.withBounds(1, Duration.ZERO, Duration.ZERO))
        .hasMessageContaining("timeout");
    assertThatThrownBy(() -> settings.withBounds(1, Duration.ofSeconds(1), Duration.ofHours(1)))
        .hasMessageContaining("patience");
  }

  @Test
  void shows_no_key() {
    assertThat(GeminiSettings.defaults(API).toString())
        .contains("ApiKey[not shown]")
        .doesNotContain("secret-key");
  }

  @Test
  void reads_a_key_from_a_file(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "secret-key\n");
    assertThat(ApiKey.read(file).value()).isEqualTo("secret-key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "secret\nkey", "secret key", "sécret-key"})
  void refuses_a_key_that_cannot_stand_in_a_header_without_showing_it(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ApiKey(key))
        .withMessageNotContainingAny("secret", "sécret");
  }
}
