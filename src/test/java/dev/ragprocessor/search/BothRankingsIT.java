package dev.ragprocessor.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.embed.GeminiEmbedder;
import dev.ragprocessor.embed.GeminiMediaEmbedder;
import dev.ragprocessor.embed.GeminiModelSettings;
import dev.ragprocessor.embed.GeminiSettings;
import dev.ragprocessor.embed.MediaEmbedderSettings;
import dev.ragprocessor.embed.MediaPart;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.MediaVector;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.PassageSearch.Filter;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.SpaceKind;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.GeminiAccesses;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiMedium;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions in two spaces: the models over Gemini's wire format, the vectors in PostgreSQL. */
class BothRankingsIT {
  private static final TenantId ANNA = new TenantId(new UUID(0, 1));

  private GeminiStandIn gemini;
  private Database database;
  private DatabaseSettings settings;
  private GeminiEmbedder texts;
  private GeminiMediaEmbedder media;
  private ActiveSpace textSpace;
  private MediaVectors vectors;
  private Search search;

  @BeforeEach
  void open() throws Exception {
    gemini = GeminiStandIn.start();
    gemini.setMeaning(GeminiMedium::text);
    settings = DatabaseSettings.of(TestDatabases.migrated());
    database = Database.open(settings, new SimpleMeterRegistry());
    texts =
        GeminiEmbedder.open(
            GeminiSettings.defaults(GeminiAccesses.API).withBaseUrl(gemini.baseUrl()),
            new SimpleMeterRegistry());
    textSpace = database.inTransaction(db -> Spaces.activate(db, texts.space(), ""));
    open(MediaEmbedderSettings.DEFAULT_DIMENSIONS);
  }

  private void open(int dimensions) {
    GeminiModelSettings connection =
        new GeminiModelSettings(
            GeminiAccesses.API,
            gemini.baseUrl(),
            MediaEmbedderSettings.Gemini.DEFAULT_MODEL,
            4,
            Duration.ofSeconds(30),
            Duration.ofMillis(100));
    media =
        GeminiMediaEmbedder.open(
            new MediaEmbedderSettings.Gemini(connection, dimensions), new SimpleMeterRegistry());
    ActiveSpace space =
        database.inTransaction(db -> Spaces.activate(db, SpaceKind.MULTIMODAL, media.space(), ""));
    Migrations.build(
        settings, "vector index", () -> database.execute(db -> Spaces.indexStatements(db, space)));
    vectors = new MediaVectors(media, space);
    search = new Search(database, texts, textSpace, vectors);
  }

  @AfterEach
  void close() {
    media.close();
    texts.close();
    database.close();
    gemini.close();
  }

  @Test
  void what_only_the_picture_shows_is_found_and_says_by_which_ranking() {
    storeText("barn.txt", "The barn was painted last year.");
    storeImage("meadow.png", "A meadow.", "a wooden windmill");

    Answer answer = search.ask(question("wooden windmill", List.of()));

    assertThat(answer.note()).isEmpty();
    Found first = answer.found().getFirst();
    assertThat(first.hit().filename()).isEqualTo("meadow.png");
    assertThat(first.byMedia()).satisfies(place -> assertThat(place.rank()).isEqualTo(1));
    assertThat(first.byMedia()).satisfies(place -> assertThat(place.similarity()).isPositive());
    assertThat(first.byText()).isNotNull();
    assertThat(answer.found())
        .filteredOn(found -> found.hit().filename().equals("barn.txt"))
        .singleElement()
        .satisfies(found -> assertThat(found.byMedia()).isNull());
    assertThat(answer.found())
        .extracting(Found::score)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a))
        .allMatch(score -> score > 0 && score <= 1);
  }

  @Test
  void without_vectors_of_media_the_answer_is_that_of_a_search_by_text() {
    storeText("barn.txt", "The barn was painted last year.");
    storeText("mill.txt", "The windmill is made of wood.");

    for (String text : List.of("windmill", "who painted the barn")) {
      assertThat(search.ask(question(text, List.of())))
          .isEqualTo(new Search(database, texts, textSpace).ask(question(text, List.of())))
          .satisfies(answer -> assertThat(answer.found()).hasSize(2));
    }
  }

  @Test
  void a_question_for_documents_asks_the_model_of_media_nothing() {
    storeText("barn.txt", "The barn was painted last year.");
    storeImage("barn.png", "A barn.", "the barn");
    int calls = gemini.calls().size();

    Answer answer = search.ask(question("barn", List.of(FileCategory.DOCUMENTS)));

    assertThat(answer.found()).singleElement().matches(found -> found.byMedia() == null);
    assertThat(gemini.calls()).hasSize(calls + 1);
  }

  @Test
  void a_question_for_images_finds_nothing_else() {
    storeText("barn.txt", "The barn was painted last year.");
    storeImage("barn.png", "A barn.", "the barn");

    assertThat(search.ask(question("barn", List.of(FileCategory.IMAGES))).found())
        .singleElement()
        .satisfies(found -> assertThat(found.score()).isEqualTo(1));
  }

  @Test
  void a_model_of_media_that_fails_is_told_and_the_texts_are_searched() {
    storeText("barn.txt", "The barn was painted last year.");
    storeImage("meadow.png", "A meadow.", "a wooden windmill");
    gemini.failWhere(BothRankingsIT::isOfMedia, GeminiFault.exhausted("60s"));

    Answer answer = search.ask(question("wooden windmill", List.of()));

    assertThat(answer.note()).contains("only texts were searched", "RESOURCE_EXHAUSTED");
    assertThat(answer.note()).doesNotContain(GeminiStandIn.KEY);
    assertThat(answer.found())
        .hasSize(2)
        .allMatch(found -> found.byMedia() == null && found.score() == found.hit().similarity());
  }

  @Test
  void a_model_of_media_that_is_slow_holds_nobody_up() {
    storeText("barn.txt", "The barn was painted last year.");
    gemini.failWhere(BothRankingsIT::isOfMedia, new GeminiFault.Slow(Duration.ofSeconds(25)));
    long start = System.nanoTime();

    Answer answer = search.ask(question("barn", List.of()));

    assertThat(answer.note()).contains("did not answer within 3 s");
    assertThat(answer.found()).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 3_072})
  void other_dimensions_have_a_column_and_an_index_of_their_own(int dimensions) {
    media.close();
    database.execute(db -> db.dml("DELETE FROM embedding_spaces WHERE kind = 'multimodal'"));
    open(dimensions);
    storeImage("meadow.png", "A meadow.", "a wooden windmill");

    assertThat(search.ask(question("wooden windmill", List.of())).found())
        .singleElement()
        .satisfies(found -> assertThat(found.byMedia()).isNotNull());
    String plan =
        database.inTransaction(
            db -> {
              db.dml("SET LOCAL enable_seqscan = off");
              String type = dimensions > 2_000 ? "halfvec" : "vector";
              return String.join(
                  "\n",
                  db.query(
                          """
                          EXPLAIN SELECT c.id FROM document_chunks c WHERE c.multimodal_space = %d
                           ORDER BY (c.multimodal_space_embedding::%s(%d)) <=>
                                    array_fill(0.5, ARRAY[%d])::%s LIMIT 5
                          """
                              .formatted(vectors.space().id(), type, dimensions, dimensions, type))
                      .map(row -> row.column(1).get(String.class))
                      .toList());
            });
    assertThat(plan).contains("hnsw");
  }

  private static boolean isOfMedia(GeminiCall call) {
    return call.model().startsWith("gemini-embedding-2");
  }

  private static Question question(String text, List<FileCategory> kinds) {
    return new Question(text, new Filter(ANNA, kinds, null, null, null), 10, -1);
  }

  private void storeText(String name, String text) {
    store(name, text, FileCategory.DOCUMENTS, null);
  }

  private void storeImage(String name, String text, String shown) {
    MediaPart part =
        new MediaPart(
            new MediaPart.Source.Inline(shown.getBytes(StandardCharsets.UTF_8)), "image/png", null);
    float[][] vector = new float[1][];
    media.embedMedia(List.of(part), (_, values) -> vector[0] = values);
    store(name, text, FileCategory.IMAGES, new MediaVector(vectors.space(), vector[0]));
  }

  private void store(
      String name, String text, FileCategory category, @Nullable MediaVector vector) {
    ObjectId object = new ObjectId("library", name, 1);
    EmbeddedChunk chunk =
        new EmbeddedChunk(
            Chunks.idOf(object, textSpace, text, 1),
            0,
            text,
            "",
            "{}",
            texts.embedChunks(name, List.of(text)).getFirst(),
            vector);
    DocumentVersion version = new DocumentVersion(object, 1, ANNA, 1, "", "text/plain", category);
    database.inTransaction(
        db -> {
          Documents.Owned document =
              Results.completed(db, version, JobStatus.PROCESSED, 1).document();
          Chunks.replace(db, document, textSpace, List.of(chunk));
          return document;
        });
  }
}
