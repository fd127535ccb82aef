package dev.ragprocessor.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.pgvector.PGvector;
import dev.ragprocessor.bucket.CloudStorage;
import dev.ragprocessor.bucket.CloudStorageCredentials;
import dev.ragprocessor.bucket.CloudStorageSettings;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.bucket.Spool;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.MediaEmbedder;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.search.Found;
import dev.ragprocessor.search.Question;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.OldSpaces;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.SpaceFilling;
import dev.ragprocessor.store.SpaceKind;
import dev.ragprocessor.store.SpaceMismatchException;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.GeminiAccesses;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiMedium;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.MediaFiles;
import dev.ragprocessor.testing.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Going over to another model of media, beside a service that goes on with the old one. */
@Timeout(60)
class MediaReindexingIT {
  private static final String OLD = "gemini-embedding-2";
  private static final String NEW = "gemini-embedding-2-next";

  /** No vector of the one can be compared with one of the other: PostgreSQL would say so. */
  private static final int OLD_DIMENSIONS = 1_408;

  private static final int NEW_DIMENSIONS = 512;

  private static final PassageSearch.Filter EVERYTHING =
      new PassageSearch.Filter(null, List.of(), null, null, null);

  @TempDir Path spool;
  private String url;
  private GeminiStandIn gemini;
  private StandInModels models;
  private CloudStorageStandIn storage;
  private @Nullable CloudStorage cloud;
  private IngestRig rig;
  private GeminiAccess access = GeminiAccesses.API;
  private MediaEmbedder embedder;
  private ActiveSpace space;

  @BeforeEach
  void open() throws Exception {
    url = TestDatabases.migrated();
    gemini = GeminiStandIn.start();
    gemini.setMeaning(MediaReindexingIT::note);
    models = new StandInModels(gemini);
    storage = new CloudStorageStandIn();
    rig = rig(OLD, OLD_DIMENSIONS);
    prepare();
  }

  /** From here on Vertex AI reads what lies in Cloud Storage. */
  private void openCloud() {
    rig.close();
    access = GeminiAccesses.VERTEX;
    cloud =
        new CloudStorage(
            CloudStorageSettings.defaults().withBaseUrl(storage.baseUrl().toString()),
            CloudStorageCredentials.none(),
            new Spool(spool));
    rig = rig(OLD, OLD_DIMENSIONS);
    prepare();
  }

  private void prepare() {
    embedder = models.embedder(access, NEW, NEW_DIMENSIONS);
    space =
        rig.database.inTransaction(
            db -> SpaceFilling.prepare(db, SpaceKind.MULTIMODAL, embedder.space(), ""));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
    models.close();
    if (cloud != null) {
      cloud.close();
    }
    storage.close();
    gemini.close();
  }

  @Test
  void every_medium_gets_a_vector_of_the_new_model_and_searches_never_find_less() throws Exception {
    image("barn", "a red barn");
    image("cats", "two grey cats");
    rig.finalized(rig.put("notes.txt", "The barn is red."));
    List<String> texts = textVectors();
    int textsAsked = rig.embedder.texts().size();
    long described = calls("generateContent").count();
    Search old = search(rig, OLD, OLD_DIMENSIONS);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger searches = new AtomicInteger();
    CompletableFuture<Void> searching =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                assertThat(nearest(old, "two grey cats")).isEqualTo("cats.png");
                searches.incrementAndGet();
              }
            },
            Thread::startVirtualThread);

    Reindexing<?> reindexing = reindexing();
    assertThat(reindexing.pass(_ -> {})).isEqualTo(2);
    assertThat(active()).isNotEqualTo(space);
    index();
    assertThat(reindexing.switchOver(false)).isTrue();
    int before = searches.get();
    await().until(() -> searches.get() > before + 5);
    over.set(true);
    searching.join();

    assertThat(active()).isEqualTo(space);
    assertThat(nearest(search(rig, NEW, NEW_DIMENSIONS), "two grey cats")).isEqualTo("cats.png");
    assertThat(textVectors()).as("vectors of texts").isEqualTo(texts);
    assertThat(rig.embedder.texts()).hasSize(textsAsked);
    assertThat(calls("generateContent")).hasSize((int) described);
    assertThat(webApplicationFinds("two grey cats")).isEqualTo("cats.png");
    assertThat(reindexing().pass(_ -> {})).as("once more").isZero();
  }

  @Test
  void a_video_is_read_where_it_lies_stretch_by_stretch_and_it_goes_on_where_it_was()
      throws Exception {
    openCloud();
    gemini.setMeaning(medium -> "scene at %.0f".formatted(medium.start()));
    ObjectAttributes video = video(100, "");
    assertThat(rig.finalized(video)).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.chunks(video.object())).hasSize(7);
    // The last of its stretches, so that what was made before it must have been stored.
    gemini.failWhere(
        call -> embeds(call) && start(call) == 90,
        GeminiFault.failing(403, "PERMISSION_DENIED", ""));

    assertThatThrownBy(() -> reindexing().pass(_ -> {})).isInstanceOf(EmbeddingException.class);
    assertThat(stored()).isBetween(1L, 6L);
    long left = 7 - stored();

    Reindexing<?> again = reindexing();
    assertThat(again.pass(_ -> {})).isEqualTo(left);
    assertThat(again.switchOver(false)).isTrue();

    assertThat(calls(NEW)).hasSize(8).allMatch(call -> uri(call).equals("gs://films/walk.mp4"));
    assertThat(calls(NEW).map(MediaReindexingIT::start).distinct().sorted())
        .containsExactly(0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0);
    assertThat(storage.requests()).noneMatch(CloudStorageStandIn.Request::isDownload);
    List<Found> found = ask(search(rig, NEW, NEW_DIMENSIONS), "scene at 45");
    assertThat(found)
        .filteredOn(one -> one.byMedia() != null && one.byMedia().rank() == 1)
        .singleElement()
        .satisfies(one -> assertThat(one.hit().metadata()).contains("\"start_offset_sec\": 45"));
  }

  @Test
  void a_replica_of_the_old_model_stores_no_medium_after_the_switch_and_one_of_the_new_does()
      throws Exception {
    image("barn", "a red barn");
    CountDownLatch model = new CountDownLatch(1);
    AtomicInteger waiting = new AtomicInteger();
    gemini.setMeaning(
        medium -> {
          if (note(medium).equals("too late") && model.getCount() > 0) {
            waiting.incrementAndGet();
            pass(model);
          }
          return note(medium);
        });
    ObjectAttributes late = put("late", "too late");
    CompletableFuture<Outcome> begun = rig.finalizedLater(rig.processor(), late);
    await().until(() -> waiting.get() == 1);
    switchOver();

    model.countDown();
    assertThat(begun.get())
        .isInstanceOfSatisfying(Outcome.NotTaken.class, MediaReindexingIT::misfits);
    int calls = gemini.calls().size();
    assertThat(rig.finalized(late))
        .isInstanceOfSatisfying(Outcome.NotTaken.class, MediaReindexingIT::misfits);
    assertThat(gemini.calls()).as("asked for nothing").hasSize(calls);
    assertThat(rig.chunks(late.object())).isEmpty();
    assertThat(rig.finalized(rig.put("notes.txt", "a text"))).isInstanceOf(Outcome.Processed.class);
    assertThat(nearest(search(rig, OLD, OLD_DIMENSIONS), "red barn")).isEqualTo("barn.png");

    try (IngestRig taken = rig(NEW, NEW_DIMENSIONS)) {
      ObjectAttributes again = put(taken, "late", "too late");
      assertThat(taken.finalized(again)).isInstanceOf(Outcome.Processed.class);
      assertThat(nearest(search(taken, NEW, NEW_DIMENSIONS), "too late")).isEqualTo("late.png");
    }
    assertThat(stored()).as("apart, as all of its space").isEqualTo(2);
  }

  @Test
  void a_medium_that_waits_is_left_to_replicas_of_the_new_model() throws Exception {
    gemini.failWhere(MediaReindexingIT::embeds, GeminiFault.exhausted("3600s"));
    ObjectAttributes waiting = put("waits", "it waits");
    assertThat(rig.finalized(waiting)).isInstanceOf(Outcome.Accepted.class);
    switchOver();
    rig.execute("UPDATE document_processing_jobs SET next_attempt_at = now()");

    try (IngestRig taken = rig(NEW, NEW_DIMENSIONS)) {
      put(taken, "waits", "it waits");
      await().atMost(Duration.ofSeconds(10)).until(() -> !rig.chunks(waiting.object()).isEmpty());
    }
    assertThat(stored()).isEqualTo(1);
    assertThat(calls(OLD)).as("the one that was refused").hasSize(1);
  }

  @Test
  void objects_that_are_gone_or_overwritten_hold_up_nothing_and_their_events_do_the_rest()
      throws Exception {
    image("barn", "a red barn");
    ObjectAttributes same = image("mill", "a windmill");
    ObjectAttributes gone = image("cats", "two grey cats");
    ObjectAttributes changed = image("dogs", "three dogs");
    put("mill", "a windmill");
    rig.bucket.delete(gone);
    ObjectAttributes overwritten = put("dogs", "a black horse");

    Reindexing<?> reindexing = reindexing();
    assertThat(reindexing.pass(_ -> {})).as("the barn, and the same bytes").isEqualTo(2);
    assertThat(reindexing.outdated().values())
        .anyMatch(why -> why.contains("gone"))
        .anyMatch(why -> why.contains("other bytes"))
        .hasSize(2);
    assertThat(reindexing.refused()).isEmpty();
    assertThat(reindexing.switchOver(false)).isTrue();

    Search search = search(rig, NEW, NEW_DIMENSIONS);
    assertThat(ask(search, "three dogs"))
        .filteredOn(found -> found.hit().filename().equals("dogs.png"))
        .as("found by its text until its event comes")
        .singleElement()
        .satisfies(found -> assertThat(found.byMedia()).isNull());
    try (IngestRig taken = rig(NEW, NEW_DIMENSIONS)) {
      put(taken, "dogs", "a black horse");
      assertThat(taken.finalized(overwritten)).isInstanceOf(Outcome.Processed.class);
      assertThat(taken.deleted(gone)).isInstanceOf(Outcome.Deleted.class);
    }
    assertThat(nearest(search, "a black horse")).isEqualTo("dogs.png");
    assertThat(rig.chunks(same.object())).hasSize(1);
    assertThat(rig.chunks(changed.object())).singleElement().asString().contains("black horse");
    assertThat(missing()).isZero();
  }

  @Test
  void a_video_that_is_overwritten_while_the_model_reads_it_gets_no_vector() throws Exception {
    openCloud();
    gemini.setMeaning(medium -> "scene at %.0f".formatted(medium.start()));
    rig.finalized(video(20, "old"));
    AtomicBoolean overwritten = new AtomicBoolean();
    gemini.setMeaning(
        medium -> {
          if (!overwritten.getAndSet(true)) {
            video(20, "new");
          }
          return "of nobody knows which generation";
        });

    Reindexing<?> reindexing = reindexing();
    assertThat(reindexing.pass(_ -> {})).isZero();

    assertThat(reindexing.outdated()).hasSize(2);
    assertThat(stored()).isZero();
    assertThat(reindexing.foundNothing()).isTrue();
  }

  @Test
  void what_is_ingested_meanwhile_is_picked_up_and_what_is_replaced_does_not_come_back()
      throws Exception {
    image("barn", "a red barn");
    AtomicBoolean first = new AtomicBoolean(true);
    gemini.setMeaning(
        medium -> {
          if (note(medium).equals("a red barn") && first.getAndSet(false)) {
            requireNoScopeIsHeld();
            image("barn", "a blue barn");
            image("cats", "two grey cats");
          }
          return note(medium);
        });

    Reindexing<?> reindexing = reindexing();
    assertThat(reindexing.pass(_ -> {})).as("of the barn as it was").isZero();
    assertThat(reindexing.switchOver(false)).isTrue();

    assertThat(stored()).isEqualTo(2);
    Search search = search(rig, NEW, NEW_DIMENSIONS);
    assertThat(nearest(search, "blue")).isEqualTo("barn.png");
    assertThat(nearest(search, "two grey cats")).isEqualTo("cats.png");
  }

  @Test
  void while_the_last_few_are_made_media_come_again_and_texts_are_taken() {
    image("barn", "a red barn");
    rig.database.inTransaction(
        db -> {
          SpaceFilling.ofMedia(space).freezeActive(db, Duration.ofMinutes(1));
          return true;
        });

    assertThat(rig.finalized(put("cats", "two grey cats")))
        .isInstanceOfSatisfying(Outcome.NotTaken.class, MediaReindexingIT::misfits);
    assertThat(rig.finalized(rig.put("notes.txt", "a text"))).isInstanceOf(Outcome.Processed.class);
  }

  @Test
  void a_medium_that_the_new_model_does_not_take_is_named_and_left_to_its_text_when_told_to()
      throws Exception {
    image("barn", "a red barn");
    ObjectAttributes webp =
        rig.bucket.put(
            IngestRig.BUCKET,
            "mill.webp",
            "image/webp",
            "RIFF\0\0\0\0WEBPVP8 |a windmill|".getBytes(UTF_8));
    rig.finalized(webp);
    image("cats", "two grey cats");
    gemini.failWhere(
        call -> call.model().equals(NEW), GeminiFault.failing(400, "INVALID_ARGUMENT", ""));

    Reindexing<?> reindexing = reindexing();
    assertThat(reindexing.pass(_ -> {})).isEqualTo(1);

    assertThat(reindexing.switchOver(false)).isFalse();
    assertThat(active()).isNotEqualTo(space);
    assertThat(reindexing.refused().values())
        .containsExactlyInAnyOrder(NEW + " does not take image/webp", NEW + " refused it");
    assertThat(reindexing.switchOver(true)).isTrue();
    assertThat(ask(search(rig, NEW, NEW_DIMENSIONS), "a windmill"))
        .extracting(found -> found.hit().filename())
        .contains("mill.webp");
  }

  @Test
  void vectors_that_the_python_service_stored_are_taken_over_and_their_rows_stay()
      throws Exception {
    MediaEmbedder same = models.embedder(access, NEW, OLD_DIMENSIONS);
    rig.bucket.put(IngestRig.BUCKET, "theirs.png", "image/png", MediaFiles.png("|an old mill|"));
    rig.execute("DELETE FROM embedding_spaces WHERE kind = 'multimodal'");
    rig.execute(
        """
        WITH theirs AS (
          INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                 file_category, gcs_bucket, gcs_path, status)
          VALUES (CAST(? AS uuid), 'theirs.png', 'theirs.png', 100, 'image/png', 'images', 'library',
                 'gs://library/theirs.png', 'completed') RETURNING id, user_id)
        INSERT INTO document_chunks
               (user_id, document_id, content, chunk_index, metadata, multimodal_embedding)
        SELECT user_id, id, 'A mill.', 0, '{"content_type": "image"}', array_fill(0.5, ARRAY[1408])::vector
          FROM theirs
        """,
        IngestRig.TENANT.toString());
    String theirs = "SELECT md5(CAST(c AS text)) FROM document_chunks c";
    String before = rig.value(String.class, theirs);
    assertThatThrownBy(() -> models.with(rig.database, access, same))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("rag-processor reindex --kind multimodal");

    embedder = same;
    space =
        rig.database.inTransaction(
            db -> SpaceFilling.prepare(db, SpaceKind.MULTIMODAL, same.space(), ""));
    switchOver();

    assertThat(models.with(rig.database, access, same).vectors())
        .isEqualTo(new MediaVectors(same, space));
    assertThat(nearest(search(rig, NEW, OLD_DIMENSIONS), "an old mill")).isEqualTo("theirs.png");
    assertThat(rig.value(String.class, theirs)).isEqualTo(before);
    assertThat(webApplicationFinds("an old mill")).isEqualTo("theirs.png");
  }

  @Test
  void the_way_back_makes_what_is_missing_and_old_vectors_can_be_removed() throws Exception {
    image("barn", "a red barn");
    switchOver();
    try (IngestRig taken = rig(NEW, NEW_DIMENSIONS)) {
      taken.finalized(put(taken, "cats", "two grey cats"));
      put("cats", "two grey cats");
    }
    MediaEmbedder old = models.embedder(access, OLD, OLD_DIMENSIONS);
    ActiveSpace before =
        rig.database.inTransaction(
            db -> SpaceFilling.prepare(db, SpaceKind.MULTIMODAL, old.space(), ""));
    int calls = (int) calls(OLD).count();

    Reindexing<?> back =
        Reindexing.ofMedia(rig.database, old, before, models.reader(access), objects(), 1e9);
    assertThat(back.pass(_ -> {})).isEqualTo(1);
    assertThat(back.switchOver(false)).isTrue();
    assertThat(calls(OLD)).hasSize(calls + 1);

    rig.database.inTransaction("test.forget", db -> OldSpaces.forget(db, SpaceKind.MULTIMODAL));
    while (rig.database.<Long, RuntimeException>inTransaction(
            "test.remove", db -> OldSpaces.remove(db, before, 1))
        > 0) {}
    assertThat(stored()).isZero();
    assertThat(nearest(search(rig, OLD, OLD_DIMENSIONS), "two grey cats")).isEqualTo("cats.png");
    assertThat(nearest(search(rig, OLD, OLD_DIMENSIONS), "a red barn")).isEqualTo("barn.png");
    assertThat(textVectors()).hasSize(2);
  }

  @Test
  void a_medium_is_stored_whole_when_the_models_of_both_kinds_were_changed() throws Exception {
    image("barn", "a red barn");
    CountingEmbedder texts = new CountingEmbedder(new Space("another", 24, "retrieval"));
    ActiveSpace apart =
        rig.database.inTransaction(
            db -> SpaceFilling.prepare(db, SpaceKind.TEXT, texts.space(), ""));
    assertThat(Reindexing.ofTexts(rig.database, texts, apart, 10, 1e9).switchOver(false)).isTrue();
    switchOver();

    try (IngestRig taken =
        new IngestRig(
            url,
            texts,
            draft ->
                draft.media =
                    database ->
                        models.with(
                            database, access, models.embedder(access, NEW, NEW_DIMENSIONS)))) {
      ObjectAttributes cats = put(taken, "cats", "two grey cats");
      assertThat(taken.finalized(cats)).isInstanceOf(Outcome.Processed.class);
      assertThat(nearest(search(taken, NEW, NEW_DIMENSIONS), "two grey cats"))
          .isEqualTo("cats.png");
    }
    assertThat(stored()).isEqualTo(2);
    assertThat(rig.value(Long.class, "SELECT count(*) FROM chunk_vectors")).isEqualTo(4);
  }

  @Test
  void a_text_that_takes_an_images_place_keeps_no_vector_of_it() throws Exception {
    image("barn", "a red barn");
    switchOver();
    String text = rig.value(String.class, "SELECT content FROM document_chunks");

    rig.finalized(rig.bucket.put(IngestRig.BUCKET, "barn.png", "", text.getBytes(UTF_8)));

    assertThat(rig.value(String.class, "SELECT content FROM document_chunks")).isEqualTo(text);
    assertThat(stored()).isZero();
  }

  private IngestRig rig(String model, int dimensions) {
    return new IngestRig(
        url,
        draft -> {
          draft.objects = cloud;
          draft.media =
              database -> models.with(database, access, models.embedder(access, model, dimensions));
        });
  }

  private ObjectStore objects() {
    return cloud == null ? rig.bucket : cloud;
  }

  private Reindexing<?> reindexing() {
    return Reindexing.ofMedia(rig.database, embedder, space, models.reader(access), objects(), 1e9);
  }

  private void switchOver() throws InterruptedException {
    Reindexing<?> reindexing = reindexing();
    reindexing.pass(_ -> {});
    assertThat(reindexing.switchOver(false)).isTrue();
  }

  private void index() {
    Migrations.build(
        DatabaseSettings.of(url),
        "vector index",
        () -> rig.database.execute(db -> Spaces.indexStatements(db, space)));
  }

  private ActiveSpace active() {
    return rig.database.execute(db -> Spaces.active(db, SpaceKind.MULTIMODAL)).orElseThrow();
  }

  /** What was lent for a moment comes back, and what is held during a model's call does not. */
  private void requireNoScopeIsHeld() {
    await().atMost(Duration.ofSeconds(5)).until(() -> rig.database.state().active() == 0);
  }

  private ObjectAttributes image(String name, String note) {
    ObjectAttributes object = put(name, note);
    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Processed.class);
    return object;
  }

  private ObjectAttributes put(String name, String note) {
    return put(rig, name, note);
  }

  private static ObjectAttributes put(IngestRig room, String name, String note) {
    return room.bucket.put(
        IngestRig.BUCKET, name + ".png", "image/png", MediaFiles.png("|%s|".formatted(note)));
  }

  private ObjectAttributes video(double seconds, String note) {
    return storage.put("films", "walk.mp4", MediaFiles.mp4(seconds, note), "video/mp4", "");
  }

  private static String note(GeminiMedium medium) {
    String[] parts = medium.text().split("\\|", -1);
    return parts.length > 1 ? parts[parts.length - 2] : "something at " + medium.start();
  }

  private Search search(IngestRig room, String model, int dimensions) {
    MediaEmbedder asked = models.embedder(access, model, dimensions);
    ActiveSpace in =
        room.database.inTransaction(
            db -> SpaceFilling.prepare(db, SpaceKind.MULTIMODAL, asked.space(), ""));
    return new Search(room.database, room.embedder, room.space, new MediaVectors(asked, in));
  }

  private static List<Found> ask(Search search, String question) {
    return search.ask(new Question(question, EVERYTHING, 10, -1)).found();
  }

  /** The file that is nearest by its medium. */
  private static String nearest(Search search, String question) {
    return ask(search, question).stream()
        .filter(found -> found.byMedia() != null && found.byMedia().rank() == 1)
        .map(found -> found.hit().filename())
        .findFirst()
        .orElse("nothing");
  }

  private String webApplicationFinds(String question) {
    String vector = new PGvector(embedder.embedQuestion(question)).getValue();
    return rig.value(
        String.class,
        """
        SELECT document_filename
          FROM match_multimodal_chunks(CAST(? AS vector), CAST(? AS uuid), -1, 1)
        """,
        vector,
        IngestRig.TENANT.toString());
  }

  private List<String> textVectors() {
    return rig.database.execute(
        db ->
            db.query(
                    "SELECT id || ' ' || md5(CAST(space_embedding AS text)) FROM document_chunks"
                        + " ORDER BY 1")
                .map(row -> row.column(1).get(String.class))
                .toList());
  }

  private long stored() {
    return rig.value(
        Long.class, "SELECT count(*) FROM chunk_vectors WHERE space = %d".formatted(space.id()));
  }

  private int missing() {
    return rig.database
        .<List<?>, RuntimeException>execute(db -> SpaceFilling.ofMedia(space).missing(db, 1_000))
        .size();
  }

  private Stream<GeminiCall> calls(String modelOrVerb) {
    return gemini.calls().stream()
        .filter(call -> call.model().equals(modelOrVerb) || call.verb().equals(modelOrVerb))
        .filter(call -> call.medium().isPresent());
  }

  private static boolean embeds(GeminiCall call) {
    return !call.verb().equals("generateContent");
  }

  private static double start(GeminiCall call) {
    return call.medium().map(GeminiMedium::start).orElse(-1.0);
  }

  private static String uri(GeminiCall call) {
    return call.medium().map(GeminiMedium::uri).orElse("");
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void misfits(Outcome.NotTaken notTaken) {
    assertThat(notTaken.failure()).isInstanceOf(Failure.Misconfigured.class);
    assertThat(notTaken.failure().reason())
        .contains("rag-processor reindex --kind multimodal")
        .contains("\"" + OLD + "\"");
  }
}
