package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ragprocessor.embed.MediaEmbedderSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who reads media, as the configuration says it. */
class MediaConfigurationTest {
  private static final Map<String, String> KEY = Map.of("GEMINI_API_KEY", "k");
  private static final Map<String, String> VERTEX =
      Map.of("GOOGLE_CLOUD_PROJECT", "proj-1", "GOOGLE_CLOUD_LOCATION", "us-central1");

  @Test
  void a_key_in_the_environment_sends_nothing_away_beside_the_local_model() {
    assertThat(rooms(KEY, Map.of()).media()).isEmpty();
    assertThat(rooms(KEY, Map.of()).mediaEmbedder()).isEmpty();
  }

  @Test
  void who_says_so_has_media_read_beside_the_local_model() {
    RoomSettings rooms = rooms(KEY, Map.of("media.reader", "gemini", "media.segment", "20 s"));

    assertThat(rooms.media().orElseThrow().connection().model()).isEqualTo("gemini-3.5-flash-lite");
    assertThat(rooms.media().orElseThrow().segment()).isEqualTo(Duration.ofSeconds(20));
    assertThat(rooms.mediaEmbedder().orElseThrow())
        .isInstanceOf(MediaEmbedderSettings.Gemini.class)
        .satisfies(settings -> assertThat(settings.dimensions()).isEqualTo(1_408));
  }

  @Test
  void whoever_embeds_with_gemini_has_media_read_unless_told_otherwise() {
    Map<String, String> gemini = Map.of("embedder.kind", "gemini");
    assertThat(rooms(VERTEX, gemini).media()).isPresent();
    assertThat(rooms(VERTEX, with(gemini, "media.reader", "none")).media()).isEmpty();
    assertThat(rooms(VERTEX, with(gemini, "embedder.multimodal.model", "")).mediaEmbedder())
        .isEmpty();
  }

  @Test
  void a_reader_without_access_is_refused_once_with_what_is_missing() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> rooms(Map.of(), Map.of("media.reader", "gemini")))
        .withMessageContaining("media.reader = gemini")
        .withMessageContaining("embedder.gemini.api-key")
        .satisfies(e -> assertThat(e.problems()).hasSize(1));
  }

  @Test
  void the_model_of_older_databases_is_at_vertex_ai_only() {
    Map<String, String> older =
        Map.of("media.reader", "gemini", "embedder.multimodal.model", "multimodalembedding@001");
    assertThat(rooms(VERTEX, older).mediaEmbedder().orElseThrow())
        .isInstanceOf(MediaEmbedderSettings.Predict.class);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> rooms(KEY, older))
        .withMessageContaining("Vertex AI only");
  }

  private static Map<String, String> with(Map<String, String> values, String key, String value) {
    Map<String, String> all = new HashMap<>(values);
    all.put(key, value);
    return all;
  }

  private static RoomSettings rooms(Map<String, String> environment, Map<String, String> values) {
    return new RoomSettings(new ConfigurationReader(environment, null, values).read());
  }
}
