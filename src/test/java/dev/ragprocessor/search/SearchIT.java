package dev.ragprocessor.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.PassageSearch.Filter;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchIT {
  private static final TenantId ANNA = new TenantId(new UUID(0, 1));
  private static final TenantId BEN = new TenantId(new UUID(0, 2));

  private Database database;
  private Search search;

  /** Words on a circle: each is one degree further than the one before. */
  private static final class CompassEmbedder implements TextEmbedder {
    @Override
    public Space space() {
      return new Space("compass", 2, "retrieval");
    }

    @Override
    public int maxTokens() {
      return 2_048;
    }

    @Override
    public int tokens(String text) {
      return text.length();
    }

    @Override
    public int maxCharacters() {
      return 1_000;
    }

    @Override
    public List<float[]> embedChunks(String title, List<String> chunks) {
      return chunks.stream().map(this::embedQuestion).toList();
    }

    @Override
    public float[] embedQuestion(String question) {
      double angle = Math.toRadians(Integer.parseInt(question));
      return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  void open() throws Exception {
    DatabaseSettings settings = DatabaseSettings.of(TestDatabases.migrated());
    database = Database.open(settings, new SimpleMeterRegistry());
    CompassEmbedder embedder = new CompassEmbedder();
    ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    Migrations.build(
        settings, "vector index", () -> database.execute(db -> Spaces.indexStatements(db, space)));
    search = new Search(database, embedder, space);
    store(space, embedder, new ObjectId("library", "a/north.txt", 1), ANNA, 0, 120);
    store(space, embedder, new ObjectId("library", "b/south.txt", 1), BEN, 120, 240);
    store(space, embedder, new ObjectId("archive", "c/west.txt", 1), ANNA, 240, 360);
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void the_nearest_passage_comes_first_with_its_cosine_similarity() {
    List<PassageSearch.Hit> hits = hits(question("100", filter(null), 5, -1));

    assertThat(hits).extracting(PassageSearch.Hit::content).first().isEqualTo("100");
    assertThat(hits).hasSize(5);
    assertThat(hits.getFirst().similarity()).isBetween(0.9999, 1.0001);
    assertThat(hits)
        .extracting(PassageSearch.Hit::similarity)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void another_tenants_passages_are_never_found_however_near() {
    List<PassageSearch.Hit> hits = hits(question("180", filter(ANNA), 100, -1));

    assertThat(hits).hasSize(100).noneMatch(hit -> hit.object().contains("south"));
  }

  @Test
  void a_threshold_leaves_out_what_is_not_similar_enough() {
    List<PassageSearch.Hit> hits =
        hits(question("50", filter(null), 100, Math.cos(Math.toRadians(3.5))));

    assertThat(hits)
        .hasSize(7)
        .allMatch(hit -> Math.abs(Integer.parseInt(hit.content()) - 50) <= 3);
  }

  @Test
  void filters_narrow_by_bucket_prefix_and_kind() {
    Filter west = new Filter(null, List.of(FileCategory.DOCUMENTS), "archive", "c/", null);
    assertThat(hits(question("10", west, 3, -1)))
        .hasSize(3)
        .allMatch(hit -> hit.object().equals("gs://archive/c/west.txt"));

    Filter images = new Filter(null, List.of(FileCategory.IMAGES), null, null, null);
    assertThat(hits(question("10", images, 3, -1))).isEmpty();
  }

  @Test
  void the_index_serves_the_ordering() {
    String plan =
        database.inTransaction(
            db -> {
              db.dml("SET LOCAL enable_seqscan = off");
              return String.join(
                  "\n",
                  db.query(
                          """
                          EXPLAIN SELECT c.id FROM document_chunks c WHERE c.text_space = 1
                           ORDER BY (c.space_embedding::vector(2)) <=> '[1,0]' LIMIT 5
                          """)
                      .map(row -> row.column(1).get(String.class))
                      .toList());
            });

    assertThat(plan).contains("hnsw");
  }

  @Test
  void a_question_out_of_bounds_is_refused_by_name() {
    assertThatThrownBy(() -> question("1", filter(null), 101, 0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> question("1", filter(null), 1, 1.5)).hasMessageContaining("threshold");
    assertThatThrownBy(() -> question(" ", filter(null), 1, 0)).hasMessageContaining("query");
  }

  private List<PassageSearch.Hit> hits(Question question) {
    Answer answer = search.ask(question);
    assertThat(answer.note()).isEmpty();
    assertThat(answer.found())
        .as("the score is the similarity")
        .allMatch(found -> found.score() == found.hit().similarity() && found.byMedia() == null);
    return answer.found().stream().map(Found::hit).toList();
  }

  private static Question question(String text, Filter filter, int limit, double threshold) {
    return new Question(text, filter, limit, threshold);
  }

  private static Filter filter(@Nullable TenantId tenant) {
    return new Filter(tenant, List.of(), null, null, null);
  }

  private void store(
      ActiveSpace space,
      TextEmbedder embedder,
      ObjectId object,
      TenantId tenant,
      int from,
      int to) {
    List<EmbeddedChunk> chunks = new ArrayList<>();
    for (int degree = from; degree < to; degree++) {
      String text = Integer.toString(degree);
      chunks.add(
          new EmbeddedChunk(
              Chunks.idOf(object, text, 1),
              degree - from,
              text,
              "",
              "{\"content_type\":\"document\"}",
              embedder.embedQuestion(text)));
    }
    DocumentVersion version =
        new DocumentVersion(object, 1, tenant, 1, "", "text/plain", FileCategory.DOCUMENTS);
    database.inTransaction(
        db -> {
          Documents.Owned document =
              Results.completed(db, version, JobStatus.PROCESSED, chunks.size()).document();
          Chunks.replace(db, document, space, chunks);
          return document;
        });
  }
}
