package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectTooLargeException;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.Views;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IngestionIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String TEXT = "The boiler is in the cellar.";
  private IngestRig rig;

  @BeforeEach
  void open() throws SQLException {
    rig = new IngestRig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void a_new_object_is_stored_with_its_chunks_and_its_job() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");

    Outcome outcome = rig.finalized(object);

    assertThat(outcome).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.chunks(object.object())).containsExactly("The boiler is in the cellar.");
    assertThat(jobStatus()).isEqualTo("processed");
    assertThat(rig.value(String.class, "SELECT status::text FROM documents"))
        .isEqualTo("completed");
    assertThat(rig.value(UUID.class, "SELECT user_id FROM document_chunks"))
        .isEqualTo(IngestRig.TENANT.value());
  }

  @Test
  void a_copy_is_an_object_of_its_own_and_a_rename_moves_the_text() {
    ObjectAttributes object = rig.put("draft.txt", TEXT);
    rig.finalized(object);
    ObjectAttributes copy = rig.put("copy.txt", TEXT);
    ObjectAttributes moved = rig.put("letter.txt", TEXT);

    rig.finalized(copy);
    // A rename is a copy and a delete, which may come in this order as well.
    rig.deleted(rig.bucket.delete(object));
    rig.finalized(moved);
    rig.finalized(object);

    assertThat(rig.chunks(object.object())).isEmpty();
    assertThat(rig.chunks(copy.object())).containsExactly(TEXT);
    assertThat(rig.chunks(moved.object())).containsExactly(TEXT);
    assertThat(rig.value(Long.class, "SELECT count(*) FROM documents")).isEqualTo(2);
  }

  @Test
  void in_a_versioned_bucket_an_archived_generation_takes_no_newer_one_with_it() {
    ObjectAttributes old = rig.put("notes.txt", "The boiler is in the attic.");
    rig.finalized(old);
    ObjectAttributes live = rig.put("notes.txt", TEXT);
    rig.finalized(live);

    assertThat(rig.archived(old)).isEqualTo(new Outcome.Superseded());
    assertThat(rig.chunks(live.object())).containsExactly(TEXT);
    assertThat(rig.deleted(old)).as("its lifecycle ends").isInstanceOf(Outcome.Superseded.class);
    assertThat(rig.chunks(live.object())).containsExactly(TEXT);

    rig.bucket.delete(live);
    assertThat(rig.archived(live)).isEqualTo(new Outcome.Deleted());
    assertThat(rig.chunks(live.object())).isEmpty();
  }

  @Test
  void a_repeated_event_changes_nothing_and_costs_no_download() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(object);
    int fetches = rig.bucket.fetches();

    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Duplicate());
    assertThat(rig.bucket.fetches()).isEqualTo(fetches);
    assertThat(rig.embedder.texts()).hasSize(1);
  }

  @Test
  void an_overwrite_replaces_the_text_whichever_event_comes_first() {
    ObjectAttributes old = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(old);
    ObjectAttributes replaced = rig.put("notes.txt", "The boiler is in the attic.");

    assertThat(rig.finalized(replaced)).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.deleted(old)).isEqualTo(new Outcome.Superseded());
    assertThat(rig.chunks(old.object())).containsExactly("The boiler is in the attic.");
  }

  @Test
  void an_overwrite_whose_delete_comes_first_ends_the_same() {
    ObjectAttributes old = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(old);
    ObjectAttributes replaced = rig.put("notes.txt", "The boiler is in the attic.");

    assertThat(rig.deleted(old)).isEqualTo(new Outcome.Deleted());
    assertThat(rig.chunks(old.object())).isEmpty();
    assertThat(rig.finalized(replaced)).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.chunks(old.object())).containsExactly("The boiler is in the attic.");
  }

  @Test
  void an_event_about_the_past_processes_what_is_live() {
    ObjectAttributes old = rig.put("notes.txt", "The boiler is in the cellar.");
    ObjectAttributes live = rig.put("notes.txt", "The boiler is in the attic.");

    assertThat(rig.finalized(old)).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.chunks(old.object())).containsExactly("The boiler is in the attic.");
    assertThat(rig.finalized(live)).isEqualTo(new Outcome.Duplicate());
  }

  @Test
  void a_delete_removes_and_a_late_event_cannot_bring_it_back() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(object);
    rig.bucket.delete(object);

    assertThat(rig.deleted(object)).isEqualTo(new Outcome.Deleted());
    assertThat(rig.deleted(object)).isEqualTo(new Outcome.Duplicate());
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Superseded());
    assertThat(rig.value(Long.class, "SELECT count(*) FROM documents")).isZero();
    assertThat(rig.value(Long.class, "SELECT count(*) FROM document_processing_jobs")).isZero();
  }

  @Test
  void a_delete_before_its_finalize_wins() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");

    assertThat(rig.archived(object)).isEqualTo(new Outcome.Deleted());
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Superseded());
    assertThat(rig.bucket.fetches()).isZero();
  }

  @Test
  void an_object_that_is_gone_counts_as_deleted() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.bucket.delete(object);

    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Deleted());
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Superseded());
  }

  @Test
  void equal_bytes_under_a_new_generation_are_not_embedded_again() {
    rig.finalized(rig.put("notes.txt", "The boiler is in the cellar."));
    ObjectAttributes again = rig.put("notes.txt", "The boiler is in the cellar.");

    assertThat(rig.finalized(again)).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.embedder.texts()).hasSize(1);
    assertThat(rig.value(Long.class, "SELECT generation FROM documents"))
        .isEqualTo(again.object().generation());
    assertThat(rig.chunks(again.object())).hasSize(1);
  }

  @Test
  void chunks_whose_text_did_not_change_keep_their_vectors_and_ids() {
    String first = "Alpha. ".repeat(120);
    String second = "Beta. ".repeat(140);
    rig.finalized(rig.put("notes.txt", first + "\n\n" + second));
    int embedded = rig.embedder.texts().size();
    List<UUID> before = ids();

    rig.finalized(rig.put("notes.txt", first + "\n\n" + "Gamma. ".repeat(120)));

    List<String> again = rig.embedder.texts().subList(embedded, rig.embedder.texts().size());
    assertThat(again).isNotEmpty().allSatisfy(text -> assertThat(text).contains("Gamma"));
    assertThat(ids()).containsAnyElementsOf(before);
    assertThat(rig.chunks(rig.put("notes.txt", "").object())).noneMatch(t -> t.contains("Beta"));
  }

  @Test
  void a_chunk_tells_its_context_and_one_that_keeps_its_vector_follows_its_heading() {
    rig.finalized(rig.put("house.md", "# House\n\n## Heat\n\nThe boiler is in the cellar."));
    assertThat(
            rig.value(
                String.class, "SELECT context FROM document_chunks WHERE content LIKE '%boiler%'"))
        .isEqualTo("House > Heat");

    String moved = "Below the stairs. ".repeat(60);
    rig.finalized(rig.put("heat.md", "# Old\n\n" + moved));
    int embedded = rig.embedder.texts().size();
    rig.finalized(rig.put("heat.md", "# New\n\n" + moved));
    assertThat(rig.embedder.texts().subList(embedded, rig.embedder.texts().size())).hasSize(1);
    assertThat(
            rig.value(
                Integer.class,
                "SELECT CAST(count(*) AS integer) FROM document_chunks WHERE context = 'Old'"))
        .isZero();
  }

  @Test
  void one_changed_paragraph_of_a_long_text_costs_the_vectors_of_the_chunks_it_stands_in() {
    List<String> paragraphs =
        new ArrayList<>(
            IntStream.range(0, 300)
                .mapToObj(
                    i -> "Paragraph %d says %s.".formatted(i, "again and again ".repeat(i % 40)))
                .toList());
    ObjectAttributes object = rig.put("long.txt", String.join("\n\n", paragraphs));
    rig.finalized(object);
    List<String> before = rig.chunks(object.object());
    paragraphs.set(20, "Paragraph 20 says something new, and says more of it than it did before.");

    rig.finalized(rig.put("long.txt", String.join("\n\n", paragraphs)));

    List<String> after = rig.chunks(object.object());
    List<String> embedded =
        rig.embedder.texts().subList(before.size(), rig.embedder.texts().size());
    assertThat(before).hasSizeGreaterThan(100);
    assertThat(embedded)
        .hasSizeLessThanOrEqualTo(5)
        .anyMatch(text -> text.contains("something new"))
        .containsExactlyElementsOf(after.stream().filter(text -> !before.contains(text)).toList());
  }

  @Test
  void the_same_file_ten_times_over_has_the_same_chunks_and_ids() {
    String text = "# Bread\n\n" + "Rye needs acid, and time to rise. ".repeat(200);
    ObjectAttributes first = rig.put("bread.md", text);
    rig.finalized(first);
    List<UUID> ids = ids();
    List<String> chunks = rig.chunks(first.object());

    for (int time = 2; time <= 10; time++) {
      rig.execute("DELETE FROM documents");
      rig.finalized(rig.put("bread.md", text));
      assertThat(ids()).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(rig.chunks(first.object())).isEqualTo(chunks);
    }
    assertThat(chunks).hasSizeGreaterThan(5);
  }

  @Test
  void changed_metadata_is_kept_without_a_download() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(object);
    ObjectAttributes updated =
        new ObjectAttributes(object.object(), 7, "text/plain", object.size(), "", false);

    assertThat(rig.metadataUpdated(updated)).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.metadataUpdated(updated)).isEqualTo(new Outcome.Superseded());
    assertThat(rig.value(Long.class, "SELECT metageneration FROM documents")).isEqualTo(7);
    assertThat(rig.bucket.fetches()).isEqualTo(1);
  }

  @Test
  void a_file_that_cannot_be_read_is_recorded_with_its_reason_once() {
    ObjectAttributes object =
        rig.bucket.put(
            "library",
            "broken.pdf",
            "application/pdf",
            "%PDF-1.7 and then nothing".getBytes(StandardCharsets.UTF_8));

    Outcome outcome = rig.finalized(object);

    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(jobStatus()).isEqualTo("error");
    assertThat(rig.value(String.class, "SELECT processing_error FROM documents")).isNotBlank();
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Duplicate());
  }

  @Test
  void an_unreadable_overwrite_takes_the_old_text_away() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(object);

    assertThat(rig.finalized(rig.put("notes.txt", " \n "))).isInstanceOf(Outcome.Rejected.class);
    assertThat(rig.chunks(object.object())).isEmpty();
  }

  @Test
  void an_object_over_the_limit_is_recorded() {
    ObjectAttributes object = rig.put("huge.txt", "x");
    rig.bucket.failNext(new ObjectTooLargeException(object.object(), 300, 256));

    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Rejected.class);
    assertThat(rig.value(String.class, "SELECT error_message FROM document_processing_jobs"))
        .contains("300 bytes")
        .contains("256");
  }

  @Test
  void a_name_that_postgresql_cannot_store_is_rejected_and_shown_escaped() {
    ObjectAttributes object = rig.put("nul\0name.txt", "text");

    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Rejected.class);
    assertThat(rig.value(String.class, "SELECT name FROM rejected_objects"))
        .isEqualTo("nul\\u0000name.txt");
  }

  @Test
  void a_bucket_that_is_not_there_makes_a_retry_that_the_sweeper_takes_up() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.bucket.failNext(unavailable());

    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Accepted.class);
    await().atMost(SOON).until(() -> jobStatus().equals("processed"));
    assertThat(rig.chunks(object.object())).containsExactly("The boiler is in the cellar.");
    assertThat(rig.value(Long.class, "SELECT count(*) FROM job_attempts")).isEqualTo(2);
  }

  @Test
  void a_redelivery_never_shortens_a_back_off() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.embedder.failNext(
        new EmbeddingException(
            EmbeddingException.Kind.EXHAUSTED, "quota", Duration.ofHours(1), null));
    Outcome first = rig.finalized(object);
    int fetches = rig.bucket.fetches();

    assertThat(first).isInstanceOf(Outcome.Accepted.class);
    assertThat(rig.finalized(object)).isEqualTo(first);
    assertThat(rig.bucket.fetches()).isEqualTo(fetches);
    assertThat(
            rig.value(
                Boolean.class,
                """
                SELECT next_attempt_at > now() + interval '50 minutes'
                  FROM document_processing_jobs
                """))
        .isTrue();
  }

  @Test
  void after_the_last_attempt_the_job_ends_as_an_error_with_the_last_reason() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    for (int attempt = 0; attempt < 3; attempt++) {
      rig.bucket.failNext(unavailable());
    }

    rig.finalized(object);

    await().atMost(SOON).until(() -> jobStatus().equals("error"));
    assertThat(rig.value(String.class, "SELECT processing_error FROM documents"))
        .contains("gave up after 3 attempts")
        .contains("the bucket is away");
  }

  @Test
  void misconfiguration_is_not_taken_and_counts_no_attempt() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.bucket.failNext(
        new BucketException(BucketException.Kind.MISCONFIGURED, "no access", Duration.ZERO, null));

    assertThat(rig.finalized(object))
        .isEqualTo(new Outcome.NotTaken(new Failure.Misconfigured("no access")));
    assertThat(rig.value(Long.class, "SELECT count(*) FROM documents")).isZero();
    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Processed.class);
  }

  @Test
  void duplicates_at_the_same_time_are_processed_once() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    CountDownLatch gate = rig.bucket.hold();
    List<CompletableFuture<Outcome>> answers = new java.util.ArrayList<>();
    for (int delivery = 0; delivery < 8; delivery++) {
      answers.add(
          CompletableFuture.supplyAsync(() -> rig.finalized(object), Thread::startVirtualThread));
    }
    await().atMost(SOON).until(() -> rig.bucket.fetches() >= 1);
    gate.countDown();

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer.join())
                    .isInstanceOfAny(Outcome.Processed.class, Outcome.Duplicate.class));
    assertThat(rig.embedder.texts()).hasSize(1);
  }

  @Test
  void an_owner_whom_the_web_application_does_not_know_is_a_rejection_not_a_retry() {
    rig.execute("CREATE TABLE users (id uuid PRIMARY KEY)");
    rig.execute("ALTER TABLE documents ADD FOREIGN KEY (user_id) REFERENCES users (id)");
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");

    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Rejected.class);
    assertThat(rig.value(String.class, "SELECT name FROM rejected_objects")).isEqualTo("notes.txt");
  }

  @Test
  void another_buckets_event_is_acknowledged_and_never_fetched() throws SQLException {
    try (IngestRig fenced = new IngestRig(draft -> draft.buckets = java.util.Set.of("other"))) {
      assertThat(fenced.finalized(fenced.put("notes.txt", "x")))
          .isInstanceOf(Outcome.Ignored.class);
      assertThat(fenced.bucket.fetches()).isZero();
    }
  }

  @Test
  void a_row_that_the_web_application_made_keeps_its_owner_and_names() {
    UUID owner = UUID.randomUUID();
    rig.execute(
        """
        INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                               file_category, gcs_bucket, gcs_path)
        VALUES (CAST(? AS uuid), 'a.txt', 'My notes.txt', 0, '', 'documents', 'library',
                'gs://library/notes.txt')
        """,
        owner.toString());

    rig.finalized(rig.put("notes.txt", "The boiler is in the cellar."));

    AtomicReference<UUID> id = new AtomicReference<>();
    id.set(rig.value(UUID.class, "SELECT id FROM documents"));
    assertThat(rig.database.execute(db -> Views.document(db, id.get())).orElseThrow())
        .satisfies(
            document -> {
              assertThat(document.tenant().value()).isEqualTo(owner);
              assertThat(document.filename()).isEqualTo("a.txt");
              assertThat(document.status()).isEqualTo("completed");
            });
    assertThat(rig.value(UUID.class, "SELECT user_id FROM document_chunks")).isEqualTo(owner);
  }

  @Test
  void a_chunk_that_a_delete_takes_meanwhile_is_embedded_anew_at_once() {
    ObjectAttributes old = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(old);
    ObjectAttributes replaced = rig.put("notes.txt", "The boiler is in the cellar.\n");
    CountDownLatch gate = rig.bucket.hold();
    CompletableFuture<Outcome> answer = rig.finalizedLater(rig.processor(), replaced);
    await().atMost(SOON).until(() -> rig.bucket.fetches() == 2);

    assertThat(rig.deleted(old)).isEqualTo(new Outcome.Deleted());
    gate.countDown();

    assertThat(answer.join()).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.chunks(old.object())).containsExactly("The boiler is in the cellar.");
    assertThat(rig.embedder.texts()).hasSize(2);
  }

  @Test
  void equal_bytes_whose_chunks_another_generations_failure_takes_meanwhile_are_read_anew() {
    rig.finalized(rig.put("notes.txt", "The boiler is in the cellar."));
    ObjectAttributes failing = rig.put("notes.txt", "The boiler is in the cellar.");
    ObjectAttributes live = rig.put("notes.txt", "The boiler is in the cellar.");
    CountDownLatch gate = rig.bucket.hold();
    CompletableFuture<Outcome> answer = rig.finalizedLater(rig.processor(), live);
    await().atMost(SOON).until(() -> rig.bucket.fetches() == 2);
    rig.bucket.hold().countDown();
    rig.bucket.failNext(new ObjectTooLargeException(failing.object(), 300, 256));

    assertThat(rig.finalized(failing)).isInstanceOf(Outcome.Rejected.class);
    gate.countDown();

    assertThat(answer.join()).isInstanceOf(Outcome.Processed.class);
    assertThat(rig.chunks(live.object())).containsExactly("The boiler is in the cellar.");
  }

  @Test
  void a_delete_of_a_name_that_postgresql_cannot_store_is_done() {
    ObjectAttributes object = rig.put("nul\0name.txt", "text");
    rig.finalized(object);

    assertThat(rig.metadataUpdated(object)).isInstanceOf(Outcome.Ignored.class);
    assertThat(rig.deleted(object)).isEqualTo(new Outcome.Deleted());
    assertThat(rig.value(Long.class, "SELECT count(*) FROM rejected_objects")).isZero();
  }

  @Test
  void a_delete_is_waited_for_whatever_the_answer_budget() throws SQLException {
    try (IngestRig hasty = new IngestRig(draft -> draft.answerBudgetMillis = 0)) {
      for (int number = 0; number < 20; number++) {
        ObjectAttributes object = hasty.put("notes-" + number + ".txt", "x");
        assertThat(hasty.deleted(object)).isEqualTo(new Outcome.Deleted());
      }
    }
  }

  @Test
  void the_retries_of_an_older_generation_are_not_counted_for_the_next() {
    ObjectAttributes old = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.bucket.failNext(unavailable());
    rig.finalized(old);
    await().atMost(SOON).until(() -> jobStatus().equals("processed"));

    rig.finalized(rig.put("notes.txt", "The boiler is in the attic."));

    assertThat(rig.value(Integer.class, "SELECT retry_count FROM document_processing_jobs"))
        .isZero();
  }

  @Test
  void an_object_without_a_document_is_not_rejected_after_its_delete() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.deleted(object);
    Ledger ledger = new Ledger(rig.space, null, "test", Duration.ofMinutes(1));
    DocumentVersion version =
        new DocumentVersion(
            object.object(), 1, IngestRig.TENANT, 1, "", "text/plain", FileCategory.DOCUMENTS);

    Outcome refused = rig.database.inTransaction(db -> ledger.refuse(db, version, "nobody's"));

    assertThat(refused).isEqualTo(new Outcome.Superseded());
    assertThat(rig.value(Long.class, "SELECT count(*) FROM rejected_objects")).isZero();
  }

  private List<UUID> ids() {
    return rig.database.execute(
        db ->
            db.query("SELECT id FROM document_chunks")
                .map(row -> row.column("id").get(UUID.class))
                .toList());
  }

  private String jobStatus() {
    return rig.value(String.class, "SELECT status::text FROM document_processing_jobs");
  }

  private static BucketException unavailable() {
    return new BucketException(
        BucketException.Kind.UNAVAILABLE, "the bucket is away", Duration.ZERO, null);
  }
}
