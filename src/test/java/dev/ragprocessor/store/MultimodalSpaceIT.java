package dev.ragprocessor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The space of media beside that of text, on a database that the Python service has left. */
class MultimodalSpaceIT {
  private static final Space THEIRS = new Space("multimodalembedding@001", 1_408, "retrieval");
  private static final Space OURS = new Space("gemini-embedding-2", 1_408, "retrieval");
  private static final Space APART = new Space("gemini-embedding-2", 1_536, "retrieval");

  private DatabaseSettings settings;
  private Database database;

  @BeforeEach
  void open() throws Exception {
    String url = TestDatabases.create();
    TestDatabases.leaveAsThePythonServiceDoes(url);
    settings = DatabaseSettings.of(url);
    Migrations.run(settings, "classpath:db/migration");
    database = Database.open(settings, new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void vectors_whose_model_nobody_names_refuse_another_of_their_length() {
    assertThatThrownBy(() -> activate(OURS, ""))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("1408")
        .hasMessageContaining("multimodal_embedding")
        .hasMessageContaining("embedder.multimodal.adopted-model");
    assertThatThrownBy(() -> activate(OURS, THEIRS.model()))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("multimodalembedding@001")
        .hasMessageContaining("gemini-embedding-2");
  }

  @Test
  void vectors_of_the_named_model_are_found() {
    ActiveSpace space = activate(THEIRS, THEIRS.model());

    assertThat(space.adopted()).isTrue();
    assertThat(nearest(space)).isNotEmpty();
  }

  @Test
  void vectors_of_another_model_stay_beside_a_space_of_other_dimensions() {
    ActiveSpace space = activate(APART, THEIRS.model());

    assertThat(space.adopted()).isFalse();
    assertThat(nearest(space)).isEmpty();
  }

  @Test
  void each_kind_has_an_active_space_of_its_own() {
    Space text = new Space("gemini-embedding-001", 768, "retrieval");
    ActiveSpace media = activate(THEIRS, THEIRS.model());
    ActiveSpace texts =
        database.inTransaction(db -> Spaces.activate(db, text, "gemini-embedding-001"));

    assertThat(active(SpaceKind.TEXT)).contains(texts);
    assertThat(active(SpaceKind.MULTIMODAL)).contains(media);
    assertThat(texts.id()).isNotEqualTo(media.id());
    assertThatThrownBy(() -> activate(APART, THEIRS.model()))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("embedder.multimodal.model");
  }

  @Test
  void an_index_is_built_where_none_is() {
    ActiveSpace theirs = activate(THEIRS, THEIRS.model());
    assertThat(statements(theirs)).as("the Python service has one").isEmpty();

    String index =
        database.execute(
            db ->
                db.get(
                        "SELECT indexname FROM pg_indexes"
                            + " WHERE indexdef LIKE '%(multimodal_embedding%hnsw%' OR indexdef LIKE"
                            + " '%hnsw (multimodal_embedding%'")
                    .orElseThrow()
                    .column("indexname")
                    .getString());
    database.execute(db -> db.dml("DROP INDEX " + index));
    Migrations.build(settings, "vector index", () -> statements(theirs));
    assertThat(statements(theirs)).isEmpty();
  }

  private Optional<ActiveSpace> active(SpaceKind kind) {
    return database.execute(db -> Spaces.active(db, kind));
  }

  private List<String> statements(ActiveSpace space) {
    return database.execute(db -> Spaces.indexStatements(db, space));
  }

  private ActiveSpace activate(Space space, String adoptedModel) {
    return database.inTransaction(
        db -> Spaces.activate(db, SpaceKind.MULTIMODAL, space, adoptedModel));
  }

  private List<PassageSearch.Hit> nearest(ActiveSpace space) {
    float[] question = new float[space.space().dimensions()];
    question[0] = 1;
    PassageSearch.Filter all = new PassageSearch.Filter(null, List.of(), null, null, null);
    return database.inTransaction(db -> PassageSearch.nearest(db, space, question, all, 10, -1));
  }
}
