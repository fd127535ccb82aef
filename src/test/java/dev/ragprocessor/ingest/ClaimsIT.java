package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has the right to work on an object, and how it passes on when its holder cannot go on. */
@Timeout(60)
class ClaimsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private IngestRig rig;

  @BeforeEach
  void open() throws SQLException {
    rig =
        new IngestRig(
            draft -> {
              draft.answerBudgetMillis = 300;
              draft.renewMillis = 50;
            });
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void a_lease_is_renewed_while_the_work_goes_on() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);
    rig.execute("UPDATE document_processing_jobs SET lease_until = now() + interval '10 seconds'");

    await().atMost(Duration.ofSeconds(5)).until(() -> leaseLasts("1 minute"));
    gate.countDown();
    await().atMost(SOON).until(() -> status().equals("processed"));
  }

  @Test
  void the_lease_of_work_that_ended_unwritten_runs_out_while_its_process_lives() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);
    rig.execute("ALTER TABLE document_processing_jobs RENAME TO out_of_reach");
    gate.countDown();
    rig.atRest();
    rig.execute("UPDATE out_of_reach SET lease_until = now() + interval '300 milliseconds'");
    rig.execute("ALTER TABLE out_of_reach RENAME TO document_processing_jobs");

    await().atMost(SOON).until(() -> status().equals("processed"));
    assertThat(rig.chunks(object.object())).containsExactly("A long story.");
  }

  @Test
  void a_claim_that_could_not_be_committed_is_none() {
    rig.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$
        """);
    rig.execute(
        """
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON document_processing_jobs
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
        """);
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();

    assertThat(rig.finalized(object)).isInstanceOf(Outcome.NotTaken.class);
    rig.execute("DROP TRIGGER refuse ON document_processing_jobs");
    gate.countDown();

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(rig.chunks(object.object())).containsExactly("A long story."));
  }

  @Test
  void what_another_replica_has_claimed_is_not_done_twice() {
    ObjectAttributes object = rig.put("video.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    try (Processor other = rig.start()) {
      CompletableFuture<Outcome> here = rig.finalizedLater(rig.processor(), object);
      CompletableFuture<Outcome> there = rig.finalizedLater(other, object);
      await().atMost(SOON).until(() -> rig.bucket.fetches() == 2);

      assertThat(here.join()).isInstanceOf(Outcome.Accepted.class).isEqualTo(there.join());
      gate.countDown();
      await().atMost(SOON).until(() -> status().equals("processed"));
    }
    assertThat(rig.embedder.texts()).hasSize(1);
  }

  @Test
  void what_ends_its_process_each_time_is_given_up() {
    ObjectAttributes object = rig.put("bomb.txt", "A long story.");
    CountDownLatch gate = rig.bucket.hold();
    rig.finalized(object);
    // As the third process leaves it that was killed by this object.
    rig.execute(
        """
        UPDATE document_processing_jobs
           SET lease_owner = 'dead', lease_until = now() - interval '1 second', retry_count = 2,
               fencing_token = fencing_token + 1
        """);

    await().atMost(SOON).until(() -> status().equals("error"));
    assertThat(rig.value(String.class, "SELECT processing_error FROM documents"))
        .contains("gave up after 3 attempts");
    assertThat(rig.bucket.fetches()).isEqualTo(1);
    gate.countDown();
    rig.atRest();
    assertThat(rig.chunks(object.object())).isEmpty();
  }

  private String status() {
    return rig.value(String.class, "SELECT status::text FROM document_processing_jobs");
  }

  private boolean leaseLasts(String least) {
    return rig.value(
        Boolean.class,
        "SELECT lease_until > now() + CAST(? AS interval) FROM document_processing_jobs",
        least);
  }
}
