package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents wait for those before them to be stored, when they are too much together. */
@Timeout(60)
class WorkingMemoryIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void a_small_document_waits_to_be_fetched_until_there_is_room_for_its_vectors()
      throws SQLException {
    waitsForTheOneBefore("second.txt", "The second story.", "pending");
  }

  @Test
  void a_large_document_waits_when_it_is_cut() throws SQLException {
    String large = "<!-- %s --><p>The second story.</p>".formatted("x".repeat(300_000));
    waitsForTheOneBefore("second.html", large, "splitting");
  }

  private static void waitsForTheOneBefore(String name, String content, String stage)
      throws SQLException {
    try (IngestRig rig = rig(1_024)) {
      CountDownLatch model = rig.embedder.holdNext();
      ObjectAttributes first = rig.put("first.txt", "The first story.");
      rig.finalized(first);
      await().atMost(SOON).until(() -> rig.embedder.waiting() == 1);
      ObjectAttributes second = rig.put(name, content);
      rig.finalized(second);

      await().atMost(SOON).until(() -> stage(rig, second).equals(stage));
      await()
          .during(Duration.ofMillis(300))
          .atMost(SOON)
          .until(() -> rig.embedder.texts().isEmpty() && stage(rig, second).equals(stage));
      model.countDown();
      await().atMost(SOON).until(() -> stage(rig, second).equals("completed"));
      assertThat(rig.embedder.texts()).containsExactly("The first story.", "The second story.");
    }
  }

  @Test
  void documents_for_which_there_is_room_do_not_wait_for_each_other() throws SQLException {
    try (IngestRig rig = rig(1 << 20)) {
      CountDownLatch model = rig.embedder.holdNext();
      ObjectAttributes first = rig.put("first.txt", "The first story.");
      ObjectAttributes second = rig.put("second.txt", "The second story.");

      rig.finalized(first);
      await().atMost(SOON).until(() -> rig.embedder.waiting() == 1);
      rig.finalized(second);

      await().atMost(SOON).until(() -> rig.embedder.texts().contains("The second story."));
      model.countDown();
      await().atMost(SOON).until(() -> stage(rig, first).equals("completed"));
    }
  }

  @Test
  void what_fails_gives_its_room_back() throws SQLException {
    try (IngestRig rig = rig(1_024)) {
      rig.embedder.failNext(new IllegalStateException("the model is gone"));
      ObjectAttributes first = rig.put("first.txt", "The first story.");
      ObjectAttributes second = rig.put("second.txt", "The second story.");

      rig.finalized(first);
      rig.finalized(second);

      await().atMost(SOON).until(() -> stage(rig, second).equals("completed"));
    }
  }

  private static IngestRig rig(long memory) throws SQLException {
    return new IngestRig(
        draft -> {
          draft.answerBudgetMillis = 50;
          draft.workingMemory = memory;
        });
  }

  private static String stage(IngestRig rig, ObjectAttributes object) {
    return rig.value(
        String.class,
        "SELECT coalesce((SELECT processing_stage::text FROM document_processing_jobs WHERE file_path = ?), '')",
        object.object().path());
  }
}
