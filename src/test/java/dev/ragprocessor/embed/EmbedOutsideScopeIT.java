package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbedOutsideScopeIT {
  @Test
  void no_embedder_is_asked_while_a_connection_is_held() throws Exception {
    MeterRegistry meters = new SimpleMeterRegistry();
    GeminiAccess access = new GeminiAccess.DeveloperApi(new ApiKey(GeminiStandIn.KEY));
    try (Database database =
            Database.open(DatabaseSettings.of(TestDatabases.create()), new SimpleMeterRegistry());
        TextEmbedder local = new LocalEmbedder(new EmbedderSettings.Local(1), meters);
        TextEmbedder stub = new StubEmbedder(new EmbedderSettings.Stub(8, Duration.ZERO));
        TextEmbedder gemini = GeminiEmbedder.open(GeminiSettings.defaults(access), meters)) {
      for (TextEmbedder embedder : List.of(local, stub, gemini)) {
        assertThatIllegalStateException()
            .isThrownBy(() -> database.execute(_ -> embedder.embedQuestion("where")))
            .withMessageContaining("embedding a question");
        assertThatIllegalStateException()
            .isThrownBy(() -> database.execute(_ -> embedder.embedChunks("", List.of("there"))))
            .withMessageContaining("embedding chunks");
      }
    }
  }
}
