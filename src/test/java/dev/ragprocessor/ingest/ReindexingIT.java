package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.search.Question;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.InactiveSpaceException;
import dev.ragprocessor.store.OldSpaces;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.SpaceFilling;
import dev.ragprocessor.store.SpaceKind;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.Unfilled;
import dev.ragprocessor.testing.TestDatabases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Going over to another model, beside a service that goes on with the old one. */
class ReindexingIT {
  private static final Space OLD = new Space("old", 768, "retrieval");
  private static final Space NEW = new Space("new", 768, "retrieval");
  private static final PassageSearch.Filter EVERYTHING =
      new PassageSearch.Filter(null, List.of(), null, null, null);

  private final String url;
  private final IngestRig rig;
  private final CountingEmbedder embedder = new CountingEmbedder(NEW);
  private final ActiveSpace space;

  ReindexingIT() throws SQLException {
    url = TestDatabases.migrated();
    rig = new IngestRig(url, new CountingEmbedder(OLD), draft -> {});
    space = prepare(NEW);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void every_chunk_gets_a_vector_of_the_new_model_and_searches_never_find_less() throws Exception {
    put(20);
    Search old = search(rig.embedder, rig.space);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger searches = new AtomicInteger();
    CompletableFuture<Void> searching =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                assertThat(best(old, "text 7")).isEqualTo("text 7");
                searches.incrementAndGet();
              }
            },
            Thread::startVirtualThread);

    Reindexing<?> reindexing = reindexing();
    assertThat(reindexing.pass(_ -> {})).isEqualTo(20);
    assertThat(active()).isEqualTo(rig.space);
    index();
    assertThat(reindexing.switchOver(false)).isTrue();
    int before = searches.get();
    await().until(() -> searches.get() > before + 10);
    over.set(true);
    searching.join();

    assertThat(active()).isEqualTo(space);
    assertThat(best(search(embedder, space), "text 7")).isEqualTo("text 7");
    assertThat(embedder.texts()).hasSize(20);
    assertThat(unfilled()).isZero();
  }

  @Test
  void what_is_ingested_meanwhile_is_picked_up_and_what_is_replaced_does_not_come_back()
      throws Exception {
    List<ObjectAttributes> objects = put(3);
    CountDownLatch model = embedder.holdNext();
    CountDownLatch another = embedder.holdNext();
    Reindexing<?> reindexing = reindexing();
    CompletableFuture<Long> pass =
        CompletableFuture.supplyAsync(() -> passed(reindexing), Thread::startVirtualThread);
    await().until(() -> embedder.waiting() == 2);
    await("no scope is held during a model's call").until(() -> rig.database.state().active() == 0);

    rig.finalized(rig.put("0.txt", "another text"));
    rig.deleted(rig.bucket.delete(objects.get(1)));
    rig.finalized(rig.put("new.txt", "a new text"));
    model.countDown();
    another.countDown();
    assertThat(pass.get()).isLessThanOrEqualTo(3);
    assertThat(reindexing.switchOver(false)).isTrue();

    List<String> found =
        rig.database.execute(
            db ->
                db.query(
                        """
                        SELECT c.content FROM chunk_vectors v
                          JOIN document_chunks c ON c.id = v.chunk_id ORDER BY 1
                        """)
                    .map(row -> row.column(1).get(String.class))
                    .toList());
    assertThat(found).containsExactly("a new text", "another text", "text 2");
  }

  @Test
  void it_goes_on_where_it_was_when_it_failed() throws Exception {
    put(12);
    embedder.failNext(new EmbeddingException(Kind.MISCONFIGURED, "no key", Duration.ZERO, null));
    assertThatThrownBy(() -> reindexing().pass(_ -> {})).hasMessage("no key");
    int made = 12 - unfilled();

    assertThat(reindexing().pass(_ -> {})).isEqualTo(12 - made);

    assertThat(embedder.texts()).hasSize(12).doesNotHaveDuplicates();
    assertThat(reindexing().pass(_ -> {})).isZero();
  }

  @Test
  void a_replica_of_the_old_model_stores_nothing_after_the_switch_and_one_of_the_new_does()
      throws Exception {
    List<ObjectAttributes> objects = put(2);
    ObjectAttributes late = rig.put("late.txt", "too late");
    CountDownLatch model = rig.embedder.holdNext();
    CompletableFuture<Outcome> begun = rig.finalizedLater(rig.processor(), late);
    await().until(() -> rig.embedder.waiting() == 1);
    Reindexing<?> reindexing = reindexing();
    reindexing.pass(_ -> {});
    assertThat(reindexing.switchOver(false)).isTrue();

    model.countDown();
    int asked = rig.embedder.texts().size() + 1;
    assertThat(begun.get()).isInstanceOfSatisfying(Outcome.NotTaken.class, ReindexingIT::misfits);
    assertThat(rig.finalized(late))
        .isInstanceOfSatisfying(Outcome.NotTaken.class, ReindexingIT::misfits);
    assertThat(rig.embedder.texts()).as("asked for nothing").hasSizeLessThanOrEqualTo(asked);
    assertThat(rig.chunks(late.object())).isEmpty();
    assertThat(rig.deleted(rig.bucket.delete(objects.get(1)))).isInstanceOf(Outcome.Deleted.class);
    assertThat(best(search(rig.embedder, rig.space), "text 0")).isEqualTo("text 0");

    try (IngestRig taken = new IngestRig(url, embedder, draft -> {})) {
      assertThat(taken.space).isEqualTo(space);
      taken.bucket.put("library", "late.txt", "too late");
      assertThat(taken.finalized(late)).isInstanceOf(Outcome.Processed.class);
      assertThat(best(taken.database, embedder, taken.space, "too late")).isEqualTo("too late");
      int before = embedder.texts().size();
      ObjectAttributes again = taken.put("0.txt", "text 0");
      assertThat(taken.finalized(again)).isInstanceOf(Outcome.Processed.class);
      assertThat(embedder.texts()).as("a text keeps its vector").hasSize(before);
    }
    assertThat(unfilled()).isZero();
  }

  @Test
  void work_that_waits_is_left_to_replicas_of_the_new_model() throws Exception {
    // Not due before the models are changed.
    rig.embedder.failNext(
        new EmbeddingException(Kind.UNAVAILABLE, "503", Duration.ofMinutes(1), null));
    ObjectAttributes waiting = rig.put("waiting.txt", "it waits");
    rig.finalized(waiting);
    reindexing().switchOver(false);
    rig.execute("UPDATE document_processing_jobs SET next_attempt_at = now()");

    try (IngestRig taken = new IngestRig(url, embedder, draft -> {})) {
      taken.bucket.put("library", "waiting.txt", "it waits");
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> rig.chunks(waiting.object()).equals(List.of("it waits")));
    }
    assertThat(embedder.texts()).containsExactly("it waits");
  }

  @Test
  void it_comes_to_an_end_though_chunks_never_cease_to_come() throws Exception {
    put(2);
    AtomicInteger number = new AtomicInteger();
    List<Outcome> refused = new ArrayList<>();
    TextEmbedder busy =
        new CountingEmbedder(NEW) {
          @Override
          public List<float[]> embedChunks(String title, List<String> chunks) {
            Outcome outcome =
                rig.finalized(
                    rig.put("more-" + number.incrementAndGet() + ".txt", "more " + number));
            if (outcome instanceof Outcome.NotTaken) {
              refused.add(outcome);
            }
            return super.embedChunks(title, chunks);
          }
        };

    Reindexing<?> reindexing = Reindexing.ofTexts(rig.database, busy, space, 100, 1e9);
    assertThat(reindexing.switchOver(false)).isTrue();

    assertThat(refused).isNotEmpty();
    assertThat(active()).isEqualTo(space);
    assertThat(unfilled()).isZero();
  }

  @Test
  void a_chunk_that_the_new_model_refuses_is_named_and_left_out_only_when_told_to()
      throws Exception {
    put(3);
    TextEmbedder strict =
        new CountingEmbedder(NEW) {
          @Override
          public List<float[]> embedChunks(String title, List<String> chunks) {
            if (chunks.contains("text 1")) {
              throw new EmbeddingException(Kind.REFUSED, "blocked", Duration.ZERO, null);
            }
            return super.embedChunks(title, chunks);
          }
        };
    Reindexing<?> reindexing = Reindexing.ofTexts(rig.database, strict, space, 100, 1e9);
    assertThat(reindexing.pass(_ -> {})).isEqualTo(2);

    assertThat(reindexing.switchOver(false)).isFalse();
    assertThat(active()).isEqualTo(rig.space);
    assertThat(reindexing.refused().values()).containsExactly("blocked");
    assertThat(reindexing.switchOver(true)).isTrue();
    assertThat(active()).isEqualTo(space);
  }

  @Test
  void going_back_makes_only_the_vectors_that_are_missing() throws Exception {
    put(5);
    Reindexing<?> there = reindexing();
    there.pass(_ -> {});
    there.switchOver(false);
    try (IngestRig taken = new IngestRig(url, embedder, draft -> {})) {
      taken.finalized(taken.put("new.txt", "only new"));
    }
    int before = rig.embedder.texts().size();

    Reindexing<?> back = Reindexing.ofTexts(rig.database, rig.embedder, prepare(OLD), 100, 1e9);
    assertThat(back.pass(_ -> {})).isEqualTo(1);
    assertThat(back.switchOver(false)).isTrue();

    assertThat(rig.embedder.texts()).hasSize(before + 1);
    assertThat(active()).isEqualTo(rig.space);
    assertThat(best(search(rig.embedder, rig.space), "only new")).isEqualTo("only new");
  }

  @Test
  void the_old_vectors_can_be_removed_and_who_still_asks_for_them_is_told() throws Exception {
    put(5);
    Reindexing<?> reindexing = reindexing();
    reindexing.pass(_ -> {});
    index();
    reindexing.switchOver(false);

    rig.database.inTransaction("test.forget", db -> OldSpaces.forget(db, SpaceKind.TEXT));
    while (rig.database.<Long, RuntimeException>inTransaction(
            "test.remove", db -> OldSpaces.remove(db, space, 2))
        > 0) {}
    Migrations.build(
        DatabaseSettings.of(url),
        "vector index",
        () -> rig.database.execute("test.unindex", OldSpaces::indexStatements));

    assertThatThrownBy(() -> best(search(rig.embedder, rig.space), "text 1"))
        .isInstanceOf(InactiveSpaceException.class)
        .hasMessageContaining("rag-processor reindex");
    assertThat(rig.value(Long.class, "SELECT count(text_embedding) FROM document_chunks")).isZero();
    assertThat(best(search(embedder, space), "text 1")).isEqualTo("text 1");
    assertThat(unfilled()).isZero();
  }

  @Test
  void the_web_applications_search_and_ours_use_the_index_of_the_new_space() throws Exception {
    put(5);
    Reindexing<?> reindexing = reindexing();
    reindexing.pass(_ -> {});
    index();
    reindexing.switchOver(false);

    String vector = new com.pgvector.PGvector(embedder.embedQuestion("text 3")).getValue();
    assertThat(
            rig.value(
                String.class,
                "SELECT content FROM match_text_chunks(CAST(? AS vector), CAST(? AS uuid), -1, 1)",
                vector,
                IngestRig.TENANT.toString()))
        .isEqualTo("text 3");
    assertThat(plan(vector)).contains("chunk_vectors_space_%d_hnsw".formatted(space.id()));
  }

  private String plan(String vector) {
    return rig.database.inTransaction(
        db -> {
          db.dml("SET LOCAL enable_seqscan = off");
          db.dml("SET LOCAL enable_sort = off");
          return String.join(
              "\n",
              db.query(
                      """
                      EXPLAIN SELECT c.id FROM chunk_vectors v
                        JOIN document_chunks c ON c.id = v.chunk_id
                       WHERE v.space = %d
                       ORDER BY (v.embedding::vector(768)) <=> CAST(? AS vector) LIMIT 5
                      """
                          .formatted(space.id()),
                      vector)
                  .map(row -> row.column(1).get(String.class))
                  .toList());
        });
  }

  private List<ObjectAttributes> put(int count) {
    List<ObjectAttributes> objects =
        IntStream.range(0, count).mapToObj(i -> rig.put(i + ".txt", "text " + i)).toList();
    objects.forEach(
        object -> assertThat(rig.finalized(object)).isInstanceOf(Outcome.Processed.class));
    return objects;
  }

  private Reindexing<?> reindexing() {
    return Reindexing.ofTexts(rig.database, embedder, space, 100, 1e9);
  }

  private static long passed(Reindexing<?> reindexing) {
    try {
      return reindexing.pass(_ -> {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ActiveSpace prepare(Space wanted) {
    return rig.database.inTransaction(db -> SpaceFilling.prepare(db, SpaceKind.TEXT, wanted, ""));
  }

  private void index() {
    Migrations.build(
        DatabaseSettings.of(url),
        "vector index",
        () -> rig.database.execute(db -> Spaces.indexStatements(db, space)));
  }

  private ActiveSpace active() {
    return rig.database.execute(Spaces::active).orElseThrow();
  }

  private int unfilled() {
    return rig.database
        .<List<Unfilled.Text>, RuntimeException>execute(
            db -> SpaceFilling.ofTexts(space).missing(db, 1_000))
        .size();
  }

  private Search search(TextEmbedder model, ActiveSpace in) {
    return new Search(rig.database, model, in);
  }

  private static String best(
      dev.ragprocessor.db.Database database, TextEmbedder model, ActiveSpace in, String question) {
    return best(new Search(database, model, in), question);
  }

  private static String best(Search search, String question) {
    return search.ask(new Question(question, EVERYTHING, 5, -1)).found().getFirst().hit().content();
  }

  private static void misfits(Outcome.NotTaken notTaken) {
    assertThat(notTaken.failure()).isInstanceOf(Failure.Misconfigured.class);
    assertThat(notTaken.failure().reason()).contains("rag-processor reindex").contains("\"old\"");
  }
}
