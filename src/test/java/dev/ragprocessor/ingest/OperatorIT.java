package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.Stage;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Views;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OperatorIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String TEXT = "The boiler is in the cellar.";
  private IngestRig rig;
  private Operator operator;

  @BeforeEach
  void open() throws SQLException {
    rig = new IngestRig(draft -> draft.answerBudgetMillis = 50);
    operator = new Operator(rig.database);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void a_cancelled_job_stops_at_its_next_stage_and_writes_nothing() {
    ObjectAttributes object = rig.put("notes.txt", TEXT);
    CountDownLatch gate = rig.bucket.hold();
    assertThat(rig.finalized(object)).isInstanceOf(Outcome.Accepted.class);

    JobView cancelled = done(operator.cancel(IngestRig.TENANT, job().id()));

    assertThat(cancelled.status()).isEqualTo(JobStatus.CANCELLED);
    gate.countDown();
    rig.restart();
    assertThat(rig.embedder.texts()).as("it got no further than its download").isEmpty();
    assertThat(rig.chunks(object.object())).isEmpty();
    assertThat(job().status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(document().status()).isEqualTo("error");
    assertThat(document().error()).isEqualTo("cancelled by a person");
    assertThat(rig.finalized(object)).as("redelivered").isEqualTo(new Outcome.Duplicate());
    assertThat(rig.value(String.class, "SELECT outcome FROM job_attempts")).isEqualTo("cancelled");

    rig.finalized(rig.put("notes.txt", "The boiler is in the attic."));
    awaitStatus(JobStatus.PROCESSED);
    assertThat(rig.chunks(object.object())).containsExactly("The boiler is in the attic.");
  }

  @Test
  void a_cancelled_overwrite_leaves_the_old_text_as_it_was() {
    ObjectAttributes object = processed("notes.txt", TEXT);
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(rig.put("notes.txt", "The boiler is in the attic."));

    done(operator.cancel(IngestRig.TENANT, job().id()));

    gate.countDown();
    rig.restart();
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
    assertThat(document().status()).isEqualTo("completed");
    assertThat(document().error()).isNull();
  }

  @Test
  void a_cancelled_job_can_be_retried() {
    ObjectAttributes object = rig.put("notes.txt", TEXT);
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);
    done(operator.cancel(IngestRig.TENANT, job().id()));
    gate.countDown();

    done(operator.retry(IngestRig.TENANT, job().id()));

    awaitStatus(JobStatus.PROCESSED);
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
    assertThat(document().status()).isEqualTo("completed");
    assertThat(document().error()).isNull();
  }

  @Test
  void a_job_that_gave_up_is_tried_again_from_the_first_attempt() {
    for (int attempt = 0; attempt < 4; attempt++) {
      rig.bucket.failNext(unavailable(Duration.ZERO));
    }
    ObjectAttributes object = rig.put("notes.txt", TEXT);
    rig.finalized(object);
    awaitStatus(JobStatus.ERROR);

    JobView due = done(operator.retry(IngestRig.TENANT, job().id()));

    assertThat(due.status()).isEqualTo(JobStatus.RETRY_PENDING);
    assertThat(due.retryCount()).isZero();
    assertThat(document().status()).isEqualTo("processing");
    // The fourth fault is this series' first: there must be a second attempt.
    awaitStatus(JobStatus.PROCESSED);
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
  }

  @Test
  void a_job_that_waits_for_an_hour_is_due_at_once() {
    rig.bucket.failNext(unavailable(Duration.ofHours(1)));
    rig.finalized(rig.put("notes.txt", TEXT));
    awaitStatus(JobStatus.RETRY_PENDING);

    done(operator.retry(IngestRig.TENANT, job().id()));

    awaitStatus(JobStatus.PROCESSED);
  }

  @Test
  void reprocessing_takes_the_live_object_again_text_and_vectors_though_it_is_unchanged() {
    ObjectAttributes object = processed("notes.txt", TEXT);
    rig.execute("UPDATE document_chunks SET content = 'damaged'");
    CountDownLatch gate = rig.bucket.hold();

    JobView due = done(operator.reprocess(IngestRig.TENANT, document().id()));

    assertThat(due.status()).isEqualTo(JobStatus.RETRY_PENDING);
    awaitStatus(JobStatus.PROCESSING);
    assertThat(rig.chunks(object.object())).as("found meanwhile").containsExactly("damaged");
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Accepted(job().id()));
    gate.countDown();
    awaitStatus(JobStatus.PROCESSED);
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
    assertThat(rig.embedder.texts()).containsExactly(TEXT, TEXT);
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Duplicate());
  }

  @Test
  void reprocessing_an_object_that_is_gone_removes_it() {
    ObjectAttributes object = processed("notes.txt", TEXT);
    rig.bucket.delete(object);

    done(operator.reprocess(IngestRig.TENANT, document().id()));

    await().atMost(SOON).until(() -> count("documents") == 0);
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Superseded());
  }

  @Test
  void a_cancelled_reprocessing_leaves_the_document_as_it_was() {
    ObjectAttributes object = processed("notes.txt", TEXT);
    CountDownLatch gate = rig.bucket.hold();
    done(operator.reprocess(IngestRig.TENANT, document().id()));

    done(operator.cancel(IngestRig.TENANT, job().id()));

    gate.countDown();
    rig.restart();
    assertThat(document().status()).isEqualTo("completed");
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Duplicate());
  }

  @Test
  void a_deleted_document_comes_back_by_a_new_generation_only() {
    ObjectAttributes object = processed("notes.txt", TEXT);

    DocumentView last = done(operator.delete(IngestRig.TENANT, document().id()));

    assertThat(last.object()).isEqualTo(object.object().path());
    assertThat(count("documents") + count("document_chunks") + count("document_processing_jobs"))
        .isZero();
    assertThat(rig.finalized(object)).as("redelivered").isEqualTo(new Outcome.Superseded());
    assertThat(count("documents")).isZero();
    rig.finalized(rig.put("notes.txt", TEXT));
    await().atMost(SOON).until(() -> !rig.chunks(object.object()).isEmpty());
  }

  @Test
  void a_document_that_is_deleted_while_its_job_is_at_work_stays_deleted() {
    ObjectAttributes object = rig.put("notes.txt", TEXT);
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);

    done(operator.delete(IngestRig.TENANT, document().id()));

    gate.countDown();
    rig.restart();
    assertThat(count("documents")).isZero();
    assertThat(rig.embedder.texts()).isEmpty();
    assertThat(rig.finalized(object)).isEqualTo(new Outcome.Superseded());
  }

  @Test
  void a_worker_on_a_deleted_job_cannot_touch_the_next_generations() {
    Claim first = claimed(new ObjectId("library", "notes.txt", 1));
    done(operator.delete(IngestRig.TENANT, document().id()));
    Claim second = claimed(new ObjectId("library", "notes.txt", 2));

    assertThat(second.jobId()).isEqualTo(first.jobId());
    assertThat(second.fencingToken()).as("deleted with its row").isEqualTo(first.fencingToken());
    boolean[] touched =
        rig.database.inTransaction(
            db ->
                new boolean[] {
                  Jobs.enter(db, first, Stage.SAVING),
                  Jobs.postpone(db, first, "late", Duration.ofHours(1)),
                  Jobs.pause(db, first, "late", Duration.ofHours(1)),
                  Jobs.handBack(db, first)
                });
    assertThat(touched).containsOnly(false);
    assertThat(job().status()).isEqualTo(JobStatus.PROCESSING);
  }

  @Test
  void what_another_tenant_has_is_not_there() {
    processed("notes.txt", TEXT);
    TenantId other = new TenantId(new UUID(0, 43));

    assertThat(operator.retry(other, job().id())).isInstanceOf(Decision.Unknown.class);
    assertThat(operator.cancel(other, job().id())).isInstanceOf(Decision.Unknown.class);
    assertThat(operator.reprocess(other, document().id())).isInstanceOf(Decision.Unknown.class);
    assertThat(operator.delete(other, document().id())).isInstanceOf(Decision.Unknown.class);
    assertThat(operator.delete(IngestRig.TENANT, new UUID(0, 0)))
        .isInstanceOf(Decision.Unknown.class);
    assertThat(job().status()).isEqualTo(JobStatus.PROCESSED);
    assertThat(count("documents")).isEqualTo(1);
  }

  @Test
  void what_has_ended_is_neither_cancelled_nor_retried_without_need() {
    processed("notes.txt", TEXT);

    assertThat(refused(operator.cancel(IngestRig.TENANT, job().id()))).contains("ended already");
    assertThat(refused(operator.retry(IngestRig.TENANT, job().id()))).contains("reprocess");
  }

  @Test
  void what_is_at_work_is_neither_retried_nor_reprocessed() {
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(rig.put("notes.txt", TEXT));

    assertThat(refused(operator.retry(IngestRig.TENANT, job().id()))).contains("at work");
    assertThat(refused(operator.reprocess(IngestRig.TENANT, document().id())))
        .contains("being processed already");
    gate.countDown();
    awaitStatus(JobStatus.PROCESSED);
  }

  @Test
  void a_job_that_the_python_service_works_on_is_left_alone() {
    adopted("processing", "processing");

    assertThat(refused(operator.cancel(IngestRig.TENANT, job().id()))).contains("another program");
    assertThat(refused(operator.reprocess(IngestRig.TENANT, document().id())))
        .contains("being processed");
    rig.execute("UPDATE document_processing_jobs SET status = 'retry_pending'");
    assertThat(refused(operator.retry(IngestRig.TENANT, job().id()))).contains("another program");
    assertThat(refused(operator.cancel(IngestRig.TENANT, job().id()))).contains("another program");
    rig.execute("UPDATE document_processing_jobs SET status = 'pending'");
    assertThat(refused(operator.retry(IngestRig.TENANT, job().id()))).contains("another program");
    assertThat(refused(operator.cancel(IngestRig.TENANT, job().id()))).contains("another program");
    rig.execute("UPDATE documents SET status = 'uploading'");
    assertThat(refused(operator.reprocess(IngestRig.TENANT, document().id()))).contains("uploaded");
  }

  @Test
  void a_document_that_the_python_service_stored_can_be_taken_again() {
    ObjectAttributes object = rig.put("old.txt", TEXT);
    adopted("completed", "processed");
    rig.execute("DELETE FROM document_processing_jobs");

    done(operator.reprocess(IngestRig.TENANT, document().id()));

    awaitStatus(JobStatus.PROCESSED);
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
    assertThat(document().generation()).isEqualTo(object.object().generation());
  }

  @Test
  void a_job_that_the_python_service_gave_up_can_be_retried() {
    ObjectAttributes object = rig.put("old.txt", TEXT);
    adopted("error", "error");

    done(operator.retry(IngestRig.TENANT, job().id()));

    awaitStatus(JobStatus.PROCESSED);
    assertThat(rig.chunks(object.object())).containsExactly(TEXT);
  }

  private ObjectAttributes processed(String name, String text) {
    ObjectAttributes object = rig.put(name, text);
    rig.finalized(object);
    awaitStatus(JobStatus.PROCESSED);
    return object;
  }

  private Claim claimed(ObjectId object) {
    DocumentVersion version =
        new DocumentVersion(
            object, 1, IngestRig.TENANT, 1, "", "text/plain", FileCategory.DOCUMENTS);
    return rig.database.inTransaction(
        db ->
            Jobs.claim(
                db,
                Documents.begin(db, version),
                version,
                Stage.PENDING,
                "somebody",
                Duration.ofHours(1)));
  }

  private void adopted(String documentStatus, String jobStatus) {
    rig.execute(
        """
        WITH d AS (
          INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                                 file_category, gcs_bucket, gcs_path, status)
          VALUES (CAST(? AS uuid), 'old.txt', 'old.txt', 1, 'text/plain', 'documents', 'library',
                  'gs://library/old.txt', CAST(? AS document_status)) RETURNING id)
        INSERT INTO document_processing_jobs (document_id, status, file_type, file_path)
        SELECT id, CAST(? AS document_processing_job_status), 'text/plain', 'gs://library/old.txt'
          FROM d
        """,
        IngestRig.TENANT.toString(),
        documentStatus,
        jobStatus);
  }

  private void awaitStatus(JobStatus status) {
    await().atMost(SOON).until(() -> job().status() == status);
  }

  private JobView job() {
    return rig.database.execute(db -> Views.jobs(db, null, null, null, 2)).getFirst();
  }

  private DocumentView document() {
    UUID id = rig.value(UUID.class, "SELECT id FROM documents");
    return rig.database.execute(db -> Views.document(db, id)).orElseThrow();
  }

  private long count(String table) {
    return rig.value(Long.class, "SELECT count(*) FROM " + table);
  }

  private static <T> T done(Decision<T> decision) {
    assertThat(decision).isInstanceOf(Decision.Done.class);
    return ((Decision.Done<T>) decision).now();
  }

  private static String refused(Decision<?> decision) {
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    return ((Decision.Refused<?>) decision).reason();
  }

  private static BucketException unavailable(Duration retryAfter) {
    return new BucketException(
        BucketException.Kind.UNAVAILABLE, "the bucket is away", retryAfter, null);
  }
}
