package dev.ragprocessor.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ragprocessor.bucket.CloudStorage;
import dev.ragprocessor.bucket.CloudStorageCredentials;
import dev.ragprocessor.bucket.CloudStorageSettings;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.Spool;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.MediaEmbedderSettings;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.Views;
import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.GeminiAccesses;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiMedium;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.MediaFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images and recordings through the whole room, with Gemini's wire format and real PostgreSQL. */
@Timeout(60)
class MediaIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path spool;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private GeminiStandIn gemini;
  private StandInModels models;
  private CloudStorageStandIn storage;
  private @Nullable IngestRig rig;

  @BeforeEach
  void open() throws IOException {
    gemini = GeminiStandIn.start();
    gemini.setMeaning(MediaIT::note);
    models = new StandInModels(gemini);
    opened.add(models);
    storage = new CloudStorageStandIn();
  }

  @AfterEach
  void close() throws Exception {
    if (rig != null) {
      rig.close();
    }
    for (AutoCloseable each : opened) {
      each.close();
    }
    storage.close();
    gemini.close();
  }

  @Test
  void an_image_is_stored_with_both_vectors_and_what_people_are_shown() throws SQLException {
    IngestRig room = fetching();
    ObjectAttributes image = image(room, "a red barn");

    assertThat(room.finalized(image)).isInstanceOf(Outcome.Processed.class);

    assertThat(room.chunks(image.object())).singleElement().asString().contains("a red barn");
    assertThat(job(room).status().label()).isEqualTo("processed");
    assertThat(text(room, "SELECT file_category::text FROM documents")).isEqualTo("images");
    assertThat(
            text(
                room,
                """
                SELECT s.kind || ' ' || s.model || ' ' || vector_dims(c.multimodal_embedding)
                       || ' ' || (c.space_embedding IS NOT NULL) || ' ' || c.context
                  FROM document_chunks c JOIN embedding_spaces s ON s.id = c.multimodal_space
                """))
        .isEqualTo("multimodal gemini-embedding-2 1408 true barn.png");
    assertThat(metadata(room))
        .isEqualTo(
            tree(
                """
                {"content_type": "image", "media_path": "gs://library/barn.png",
                 "contextual_text": "", "filename": "barn.png"}
                """));
    assertThat(
            text(
                room,
                """
                SELECT m.document_filename || ' ' || round(m.similarity::numeric, 3)
                  FROM document_chunks c, match_multimodal_chunks(
                       c.multimodal_embedding, c.user_id, 0.5, 5) m
                """))
        .as("the web application's search")
        .isEqualTo("barn.png 1.000");
    assertThat(remembered(room)).as("nothing that was said stays").isZero();
  }

  @Test
  void the_same_bytes_under_a_new_generation_cost_no_model_call() throws SQLException {
    IngestRig room = fetching();
    room.finalized(image(room, "a red barn"));
    int calls = gemini.calls().size();

    ObjectAttributes again = image(room, "a red barn");
    assertThat(room.finalized(again)).isInstanceOf(Outcome.Processed.class);

    assertThat(gemini.calls()).hasSize(calls);
    assertThat(room.value(Long.class, "SELECT generation FROM documents"))
        .isEqualTo(again.object().generation());
  }

  @Test
  void an_image_follows_its_object() throws SQLException {
    IngestRig room = fetching();
    room.finalized(image(room, "a red barn"));
    ObjectAttributes other = image(room, "two grey cats");

    room.finalized(other);
    assertThat(room.chunks(other.object())).singleElement().asString().contains("two grey cats");

    ObjectAttributes text =
        room.bucket.put("library", "barn.png", "", "two grey cats".getBytes(UTF_8));
    room.finalized(text);
    assertThat(text(room, "SELECT count(multimodal_space)::text FROM document_chunks"))
        .as("a text of the same words has no medium")
        .isEqualTo("0");

    room.bucket.delete(text);
    room.deleted(text);
    assertThat(room.value(Long.class, "SELECT count(*) FROM document_chunks")).isZero();
    assertThat(room.finalized(other)).isEqualTo(new Outcome.Superseded());
  }

  @Test
  void a_video_in_cloud_storage_is_read_where_it_lies() throws SQLException {
    gemini.setMeaning(medium -> "scene at %.0f".formatted(medium.start()));
    IngestRig room = unfetching();
    ObjectAttributes video = video(40, "");

    assertThat(room.finalized(video)).isInstanceOf(Outcome.Processed.class);

    assertThat(storage.requests()).isNotEmpty().noneMatch(CloudStorageStandIn.Request::isDownload);
    assertThat(room.chunks(video.object())).hasSize(3).first().asString().contains("scene at 0");
    JsonNode second =
        tree(text(room, "SELECT metadata::text FROM document_chunks WHERE chunk_index = 1"));
    assertThat(Instant.parse(second.at("/transcript/transcript_timestamp").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    ((com.fasterxml.jackson.databind.node.ObjectNode) second.path("transcript"))
        .put("transcript_timestamp", "now");
    assertThat(second)
        .isEqualTo(
            tree(
                """
                {"content_type": "video", "media_path": "gs://films/walk.mp4",
                 "contextual_text": "0:15 to 0:30", "segment_index": 1, "total_segments": 3,
                 "start_offset_sec": 15.0, "end_offset_sec": 30.0, "duration_sec": 15.0,
                 "transcript": {"language": "en", "model": "gemini-3.5-flash-lite",
                   "transcript_timestamp": "now", "has_audio": true, "error": null}}
                """));
    assertThat(text(room, "SELECT count(multimodal_embedding)::text FROM document_chunks"))
        .isEqualTo("3");
    assertThat(describing()).hasSize(3);

    int requests = storage.requests().size();
    ObjectAttributes again = video(40, "");
    assertThat(room.finalized(again)).isInstanceOf(Outcome.Processed.class);
    assertThat(describing()).as("the same bytes").hasSize(3);
    assertThat(storage.requests()).as("one look at the metadata").hasSize(requests + 1);
  }

  @Test
  void a_video_that_is_overwritten_while_models_read_it_is_read_again() throws SQLException {
    IngestRig room = unfetching();
    AtomicBoolean overwritten = new AtomicBoolean();
    gemini.setMeaning(
        medium -> {
          if (!overwritten.getAndSet(true)) {
            video(20, "new");
            return "of nobody knows which generation";
          }
          return "of the new generation";
        });
    ObjectAttributes old = video(40, "old");

    assertThat(room.finalized(old)).isInstanceOf(Outcome.Processed.class);

    assertThat(room.chunks(old.object()))
        .hasSize(2)
        .allMatch(text -> text.contains("of the new generation"));
    assertThat(room.value(Long.class, "SELECT generation FROM documents"))
        .isGreaterThan(old.object().generation());
  }

  @Test
  void a_video_that_is_deleted_while_models_read_it_is_gone() throws SQLException {
    IngestRig room = unfetching();
    gemini.setMeaning(
        medium -> {
          storage.delete("films", "walk.mp4");
          return "too late";
        });

    assertThat(room.finalized(video(10, ""))).isEqualTo(new Outcome.Deleted());
    assertThat(room.value(Long.class, "SELECT count(*) FROM document_chunks")).isZero();
  }

  @Test
  void what_only_calls_itself_a_video_is_fetched_and_read_as_what_it_is() throws SQLException {
    IngestRig room = unfetching();
    ObjectAttributes notes =
        storage.put(
            "films", "notes.mp4", "The reel is in the attic.".getBytes(UTF_8), "video/mp4", "");

    assertThat(room.finalized(notes)).isInstanceOf(Outcome.Processed.class);
    assertThat(room.chunks(notes.object())).containsExactly("The reel is in the attic.");
    assertThat(gemini.calls()).isEmpty();
  }

  @Test
  void sound_is_found_by_who_says_what_and_when() throws SQLException {
    gemini.failWhere(
        MediaIT::describes,
        GeminiFault.saying(
            """
            {"description":"Rain.","language":"de","heard":true,"lines":[
              {"start":"0:00:01","end":"0:00:04","speaker":"Anna","text":"Guten Morgen."},
              {"start":"0:00:05","end":"0:00:07","speaker":"Ben","text":"Ist da wer?"}]}\
            """));
    IngestRig room = unfetching();
    ObjectAttributes sound =
        storage.put("films", "talk.wav", MediaFiles.wav(60, ""), "audio/wav", "");

    assertThat(room.finalized(sound)).isInstanceOf(Outcome.Processed.class);
    assertThat(room.chunks(sound.object()))
        .singleElement()
        .asString()
        .contains("Rain.", "[0:01] Anna: Guten Morgen.", "[0:05] Ben: Ist da wer?");
    JsonNode metadata = metadata(room);
    assertThat(metadata.path("content_type").asText()).isEqualTo("audio");
    assertThat(metadata.path("start_offset_sec").asDouble()).isEqualTo(1);
    assertThat(metadata.path("end_offset_sec").asDouble()).isEqualTo(7);
    assertThat(metadata.at("/transcript/language").asText()).isEqualTo("de");
    assertThat(text(room, "SELECT count(multimodal_embedding)::text FROM document_chunks"))
        .isEqualTo("1");
  }

  @Test
  void an_image_that_the_model_blocks_is_rejected_for_good() throws SQLException {
    IngestRig room = fetching();
    room.finalized(image(room, "a red barn"));
    gemini.failWhere(MediaIT::describes, GeminiFault.blockedPrompt("SAFETY"));
    ObjectAttributes image = image(room, "something else");

    assertThat(room.finalized(image))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected ->
                assertThat(rejected.reason()).contains("refused", "safety filters", "SAFETY"));
    assertThat(room.chunks(image.object())).as("those of the old bytes").isEmpty();
    assertThat(job(room).error()).contains("SAFETY");
  }

  @Test
  void a_stretch_that_the_model_blocks_makes_a_document_in_part_until_it_is_tried_again()
      throws SQLException {
    gemini.failWhere(describes(15), GeminiFault.finished("SAFETY"));
    IngestRig room = unfetching();

    Outcome outcome = room.finalized(video(40, ""));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Processed.class,
            processed -> assertThat(processed.missing()).contains("0:15 to 0:30", "SAFETY"));
    assertThat(text(room, "SELECT status::text FROM documents")).isEqualTo("completed");
    JobView job = job(room);
    assertThat(job.status().label()).isEqualTo("partially_processed");
    assertThat(job.error()).contains("0:15 to 0:30", "SAFETY");
    assertThat(room.value(Long.class, "SELECT count(*) FROM document_chunks")).isEqualTo(2);

    var _ = new Operator(room.database).retry(IngestRig.TENANT, job.id());
    await().atMost(SOON).until(() -> job(room).status().label().equals("processed"));
    assertThat(room.value(Long.class, "SELECT count(*) FROM document_chunks")).isEqualTo(3);
    assertThat(describing()).as("three stretches, and the one that was blocked again").hasSize(4);
    assertThat(remembered(room)).isZero();
  }

  @Test
  void the_same_bytes_in_part_are_read_again() throws SQLException {
    gemini.failWhere(describes(15), GeminiFault.finished("SAFETY"));
    IngestRig room = unfetching();
    room.finalized(video(40, ""));

    assertThat(room.finalized(video(40, "")))
        .isInstanceOfSatisfying(
            Outcome.Processed.class, whole -> assertThat(whole.missing()).isEmpty());
    assertThat(job(room).error()).isNull();
    assertThat(describing()).hasSize(4);
  }

  @Test
  void a_quota_that_is_gone_is_waited_for_and_what_was_said_is_not_asked_again()
      throws SQLException {
    gemini.failWhere(describes(30), GeminiFault.exhausted("3s"));
    IngestRig room = unfetching();
    Instant before = Instant.now();

    assertThat(room.finalized(video(40, ""))).isInstanceOf(Outcome.Accepted.class);

    JobView job = job(room);
    assertThat(job.status().label()).isEqualTo("retry_pending");
    assertThat(job.error()).contains("RESOURCE_EXHAUSTED");
    assertThat(job.nextAttemptAt())
        .as("when the model said that it is back")
        .isBetween(before.plusSeconds(2), Instant.now().plusSeconds(4));
    assertThat(remembered(room)).isEqualTo(2);

    comesBack(room);
    assertThat(describing(0)).hasSize(1);
    assertThat(describing(15)).hasSize(1);
    assertThat(describing(30)).hasSize(2);
  }

  @Test
  void vectors_that_were_made_before_a_quota_ended_are_not_made_again() throws SQLException {
    gemini.failWhere(call -> embeds(call) && start(call) == 30, GeminiFault.exhausted("1s"));
    IngestRig room = unfetching();

    assertThat(room.finalized(video(40, ""))).isInstanceOf(Outcome.Accepted.class);
    assertThat(room.embedder.texts()).hasSize(3);

    comesBack(room);
    assertThat(describing()).hasSize(3);
    assertThat(room.embedder.texts()).as("nor those of texts").hasSize(3);
    assertThat(gemini.calls()).filteredOn(MediaIT::embeds).hasSize(4);
    assertThat(room.value(Long.class, "SELECT count(multimodal_embedding) FROM document_chunks"))
        .isEqualTo(3);
  }

  @Test
  void a_model_of_vectors_that_never_answers_leaves_the_text_in_the_end() throws SQLException {
    GeminiFault broken = GeminiFault.failing(503, "UNAVAILABLE", "");
    gemini.failWhere(MediaIT::embeds, broken, broken, broken);
    IngestRig room = fetching();

    ObjectAttributes image = image(room, "a red barn");
    assertThat(room.finalized(image)).isInstanceOf(Outcome.Accepted.class);
    await().atMost(SOON).until(() -> job(room).status().label().equals("partially_processed"));

    assertThat(job(room).error()).contains("only by its text", "503");
    assertThat(room.chunks(image.object())).singleElement().asString().contains("a red barn");
    assertThat(describing()).as("asked for once in three attempts").hasSize(1);
    assertThat(text(room, "SELECT count(multimodal_embedding)::text FROM document_chunks"))
        .isEqualTo("0");
  }

  @Test
  void a_deleted_object_takes_along_what_was_said_of_it() throws SQLException {
    gemini.failWhere(describes(30), GeminiFault.exhausted("3600s"));
    IngestRig room = unfetching();
    ObjectAttributes video = video(40, "");
    room.finalized(video);
    assertThat(remembered(room)).isPositive();

    storage.delete("films", "walk.mp4");
    assertThat(room.deleted(video)).isEqualTo(new Outcome.Deleted());
    assertThat(remembered(room)).isZero();
  }

  @Test
  void an_image_without_a_vector_of_its_own_is_found_by_its_text_and_says_so() throws SQLException {
    IngestRig room = fetching();
    byte[] webp = "RIFF\0\0\0\0WEBPVP8 |a red barn|".getBytes(UTF_8);
    room.finalized(room.bucket.put("library", "barn.webp", "image/webp", webp));

    JobView job = job(room);
    assertThat(job.status().label()).isEqualTo("partially_processed");
    assertThat(job.error()).contains("only by its text", "image/webp", "gemini-embedding-2");
    assertThat(room.value(Long.class, "SELECT count(space_embedding) FROM document_chunks"))
        .isEqualTo(1);
  }

  @Test
  void a_vector_that_is_refused_leaves_the_text() throws SQLException {
    IngestRig room = fetching();
    room.finalized(image(room, "a red barn"));
    gemini.failWhere(MediaIT::embeds, GeminiFault.failing(400, "INVALID_ARGUMENT", ""));

    room.finalized(image(room, "two grey cats"));

    assertThat(job(room).status().label()).isEqualTo("partially_processed");
    assertThat(job(room).error()).contains("refused");
    assertThat(room.value(Long.class, "SELECT count(*) FROM document_chunks")).isEqualTo(1);
  }

  @Test
  void reprocessing_asks_for_everything_again() throws SQLException {
    gemini.failWhere(describes(15), GeminiFault.finished("SAFETY"));
    IngestRig room = unfetching();
    room.finalized(video(40, ""));

    var _ = new Operator(room.database).reprocess(IngestRig.TENANT, job(room).documentId());
    await().atMost(SOON).until(() -> job(room).status().label().equals("processed"));
    assertThat(describing()).hasSize(6);
  }

  /** Images and files that are not in Cloud Storage are sent along. */
  private IngestRig fetching() throws SQLException {
    return open(draft -> draft.media = database -> models(database, GeminiAccesses.API));
  }

  /** Vertex AI reads what is in Cloud Storage. */
  private IngestRig unfetching() throws SQLException {
    CloudStorage objects =
        new CloudStorage(
            CloudStorageSettings.defaults().withBaseUrl(storage.baseUrl().toString()),
            CloudStorageCredentials.none(),
            new Spool(spool));
    opened.add(objects);
    return open(
        draft -> {
          draft.objects = objects;
          draft.media = database -> models(database, GeminiAccesses.VERTEX);
        });
  }

  private IngestRig open(java.util.function.Consumer<IngestRig.Draft> change) throws SQLException {
    IngestRig room = new IngestRig(change);
    rig = room;
    return room;
  }

  private MediaModels models(Database database, GeminiAccess access) {
    return models.with(
        database,
        access,
        models.embedder(
            access,
            MediaEmbedderSettings.Gemini.DEFAULT_MODEL,
            MediaEmbedderSettings.DEFAULT_DIMENSIONS));
  }

  /** Waits until the quota is back and the work at its end. */
  private static void comesBack(IngestRig room) {
    await().atMost(SOON).until(() -> job(room).status().label().equals("processed"));
    assertThat(room.value(Long.class, "SELECT count(*) FROM document_chunks")).isEqualTo(3);
    assertThat(remembered(room)).isZero();
  }

  private static ObjectAttributes image(IngestRig room, String note) {
    return room.bucket.put(
        "library", "barn.png", "image/png", MediaFiles.png("|%s|".formatted(note)));
  }

  private ObjectAttributes video(double seconds, String note) {
    return storage.put("films", "walk.mp4", MediaFiles.mp4(seconds, note), "video/mp4", "");
  }

  private List<GeminiCall> describing() {
    return gemini.calls().stream().filter(MediaIT::describes).toList();
  }

  private List<GeminiCall> describing(double start) {
    return gemini.calls().stream().filter(describes(start)).toList();
  }

  private static boolean describes(GeminiCall call) {
    return call.verb().equals("generateContent");
  }

  private static Predicate<GeminiCall> describes(double start) {
    return call -> describes(call) && start(call) == start;
  }

  private static boolean embeds(GeminiCall call) {
    return !describes(call);
  }

  private static double start(GeminiCall call) {
    return call.medium().map(GeminiMedium::start).orElse(-1.0);
  }

  private static String note(GeminiMedium medium) {
    String[] parts = medium.text().split("\\|", -1);
    return parts.length > 1 ? parts[parts.length - 2] : "something at " + medium.start();
  }

  private static JobView job(IngestRig room) {
    return room.database.execute(db -> Views.jobs(db, null, null, null, 10)).getFirst();
  }

  private static long remembered(IngestRig room) {
    return room.value(Long.class, "SELECT count(*) FROM model_answers");
  }

  private static JsonNode metadata(IngestRig room) {
    return tree(text(room, "SELECT metadata::text FROM document_chunks"));
  }

  private static String text(IngestRig room, String sql) {
    return room.value(String.class, sql);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
