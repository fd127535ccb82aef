package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.GeminiMediaEmbedder;
import dev.ragprocessor.embed.GeminiModelSettings;
import dev.ragprocessor.embed.MediaEmbedder;
import dev.ragprocessor.embed.MediaEmbedderSettings;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.extract.media.MediaReader;
import dev.ragprocessor.extract.media.MediaSettings;
import dev.ragprocessor.store.SpaceKind;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.testing.GeminiStandIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The models for media, at a stand-in: one request at a time, and little patience. */
final class StandInModels implements AutoCloseable {
  private final GeminiStandIn gemini;
  private final List<Runnable> opened = new ArrayList<>();

  StandInModels(GeminiStandIn gemini) {
    this.gemini = gemini;
  }

  MediaReader reader(GeminiAccess access) {
    MediaReader reader =
        MediaReader.open(
            MediaSettings.defaults(connection(access, MediaSettings.DEFAULT_MODEL)),
            new SimpleMeterRegistry());
    opened.add(reader::close);
    return reader;
  }

  MediaEmbedder embedder(GeminiAccess access, String model, int dimensions) {
    MediaEmbedder embedder =
        GeminiMediaEmbedder.open(
            new MediaEmbedderSettings.Gemini(connection(access, model), dimensions),
            new SimpleMeterRegistry());
    opened.add(embedder::close);
    return embedder;
  }

  /** A reader beside this embedder, whose space becomes the active one, or is. */
  MediaModels with(Database database, GeminiAccess access, MediaEmbedder embedder) {
    return new MediaModels(
        reader(access),
        new MediaVectors(
            embedder,
            database.inTransaction(
                db -> Spaces.activate(db, SpaceKind.MULTIMODAL, embedder.space(), ""))));
  }

  private GeminiModelSettings connection(GeminiAccess access, String model) {
    return new GeminiModelSettings(
        access, gemini.baseUrl(), model, 1, Duration.ofSeconds(10), Duration.ofMillis(200));
  }

  @Override
  public void close() {
    opened.forEach(Runnable::run);
  }
}
