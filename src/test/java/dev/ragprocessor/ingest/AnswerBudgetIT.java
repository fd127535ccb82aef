package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to events that take longer than their delivery waits, and to their leases. */
@Timeout(60)
class AnswerBudgetIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private IngestRig rig;

  @BeforeEach
  void open() throws SQLException {
    rig = new IngestRig(draft -> draft.answerBudgetMillis = 50);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void past_the_budget_the_work_is_claimed_answered_and_goes_on() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();

    Outcome answer = rig.finalized(object);

    assertThat(answer).isInstanceOf(Outcome.Accepted.class);
    assertThat(status()).isEqualTo("processing");
    assertThat(rig.chunks(object.object())).isEmpty();
    gate.countDown();
    await().atMost(SOON).until(() -> status().equals("processed"));
    assertThat(rig.chunks(object.object())).containsExactly("A long story.");
  }

  @Test
  void a_duplicate_during_the_work_is_accepted_and_changes_nothing() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    Outcome first = rig.finalized(object);
    long token = token();

    assertThat(rig.finalized(object)).isEqualTo(first);
    assertThat(token()).isEqualTo(token);
    gate.countDown();
    await().atMost(SOON).until(() -> status().equals("processed"));
    assertThat(rig.embedder.texts()).hasSize(1);
  }

  @Test
  void a_delete_during_the_work_wins() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);

    assertThat(rig.deleted(object)).isEqualTo(new Outcome.Deleted());
    gate.countDown();
    rig.restart();
    assertThat(rig.value(Long.class, "SELECT count(*) FROM documents")).isZero();
    assertThat(rig.value(Long.class, "SELECT count(*) FROM document_chunks")).isZero();
  }

  @Test
  void a_processor_that_lost_its_lease_writes_nothing() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);
    rig.execute(
        """
        UPDATE document_processing_jobs
           SET status = 'cancelled', fencing_token = fencing_token + 1, lease_until = NULL
        """);
    gate.countDown();
    rig.restart();

    assertThat(status()).isEqualTo("cancelled");
    assertThat(rig.chunks(object.object())).isEmpty();
  }

  @Test
  void a_job_whose_process_died_is_taken_up_when_its_lease_has_run_out() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch never = rig.bucket.hold();
    rig.finalized(object);
    // As a process leaves it that was killed: claimed by nobody who lives, and the lease over.
    rig.execute(
        """
        UPDATE document_processing_jobs
           SET lease_owner = 'dead', lease_until = now() - interval '1 second',
               fencing_token = fencing_token + 1
        """);
    never.countDown();

    await().atMost(SOON).until(() -> status().equals("processed"));
    assertThat(rig.chunks(object.object())).containsExactly("A long story.");
    assertThat(rig.value(Integer.class, "SELECT retry_count FROM document_processing_jobs"))
        .isEqualTo(1);
  }

  @Test
  void rows_of_the_python_service_are_never_taken_up() {
    rig.execute(
        """
        WITH d AS (
          INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                                 file_category, gcs_bucket, gcs_path, status)
          VALUES (gen_random_uuid(), 'a', 'a', 1, 'text/plain', 'documents', 'library',
                  'gs://library/a', 'processing') RETURNING id)
        INSERT INTO document_processing_jobs (document_id, status, file_type, file_path)
        SELECT id, 'processing', 'text/plain', 'gs://library/a' FROM d
        """);

    ObjectAttributes other = rig.put("b.txt", "Something else.");
    rig.bucket.failNext(
        new dev.ragprocessor.bucket.BucketException(
            dev.ragprocessor.bucket.BucketException.Kind.UNAVAILABLE, "away", Duration.ZERO, null));
    rig.finalized(other);
    await()
        .atMost(SOON)
        .until(
            () ->
                rig.value(
                        Long.class,
                        "SELECT count(*) FROM document_processing_jobs WHERE status = 'processed'")
                    == 1);

    assertThat(
            rig.value(
                String.class,
                """
                SELECT status::text FROM document_processing_jobs
                 WHERE file_path = 'gs://library/a'
                """))
        .isEqualTo("processing");
  }

  @Test
  void beyond_the_limit_in_flight_a_delivery_is_saturated_at_once() throws SQLException {
    try (IngestRig narrow =
        new IngestRig(
            draft -> {
              draft.answerBudgetMillis = 0;
              draft.maxInFlight = 1;
            })) {
      CountDownLatch gate = narrow.bucket.hold();
      assertThat(narrow.finalized(narrow.put("a.txt", "a"))).isInstanceOf(Outcome.Accepted.class);

      assertThat(narrow.finalized(narrow.put("b.txt", "b")))
          .isInstanceOfSatisfying(
              Outcome.NotTaken.class,
              notTaken -> assertThat(notTaken.failure()).isInstanceOf(Failure.Saturated.class));
      gate.countDown();
    }
  }

  @Test
  void closing_waits_for_events_and_interrupts_none() throws InterruptedException {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);
    Thread closing = Thread.startVirtualThread(rig.processor()::close);
    await().atMost(SOON).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    assertThat(status()).isEqualTo("processing");

    gate.countDown();
    closing.join();

    assertThat(status()).isEqualTo("processed");
    assertThat(rig.value(Integer.class, "SELECT retry_count FROM document_processing_jobs"))
        .isZero();
    assertThat(rig.chunks(object.object())).containsExactly("A long story.");
  }

  private String status() {
    return rig.value(String.class, "SELECT status::text FROM document_processing_jobs");
  }

  private long token() {
    return rig.value(Long.class, "SELECT fencing_token FROM document_processing_jobs");
  }
}
