package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.testing.Recorded;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a recording shows of the pipeline, and that all of it can be put together again. */
@Timeout(60)
class RecordedIT {
  private static final String[] PIPELINE =
      Stream.of("Delivery", "Work", "Fetch", "Extract", "Chunk", "Embed", "Store", "JobTransition")
          .map("dev.ragprocessor."::concat)
          .toArray(String[]::new);

  @Test
  void every_stage_is_recorded_and_related_by_event_and_job() throws SQLException, IOException {
    try (IngestRig rig = new IngestRig();
        Recorded recorded = Recorded.all(PIPELINE)) {
      ObjectAttributes object = rig.put("a.md", "# Bread\n\nRye and water.");
      rig.finalized(object);
      rig.restart(); // what is recorded after the answer is recorded by then

      List<RecordedEvent> events = recorded.events();
      RecordedEvent work = Recorded.only(events, "dev.ragprocessor.Work");
      assertThat(work.getString("eventId")).isNotEmpty();
      assertThat(work.getString("jobId")).isNotEmpty();
      assertThat(work.getString("object")).isEqualTo(object.object().path());
      assertThat(work.getString("outcome")).isEqualTo("Processed");
      assertThat(work.getInt("chunks")).isEqualTo(1);
      for (String stage : List.of("Fetch", "Extract", "Chunk", "Embed", "Store")) {
        RecordedEvent event = Recorded.only(events, "dev.ragprocessor." + stage);
        assertThat(event.getString("eventId")).as(stage).isEqualTo(work.getString("eventId"));
        assertThat(event.getThread().getJavaThreadId())
            .as(stage)
            .isEqualTo(work.getThread().getJavaThreadId());
        assertThat(event.getStackTrace()).as(stage).isNull();
        assertThat(event.getEventType().getCategoryNames().getFirst()).isEqualTo("rag-processor");
      }
      assertThat(Recorded.only(events, "dev.ragprocessor.Fetch").getLong("size"))
          .isEqualTo(object.size());
      assertThat(Recorded.only(events, "dev.ragprocessor.Extract").getString("mediaType"))
          .startsWith("text/");
      assertThat(Recorded.only(events, "dev.ragprocessor.Embed").getInt("fresh")).isEqualTo(1);
      assertThat(Recorded.only(events, "dev.ragprocessor.Store").getString("result"))
          .isEqualTo("Processed");
      RecordedEvent delivery = Recorded.only(events, "dev.ragprocessor.Delivery");
      assertThat(delivery.getString("eventId")).isEqualTo(work.getString("eventId"));
      assertThat(delivery.getString("outcome")).isEqualTo("Processed");
      assertThat(delivery.getDuration()).isGreaterThanOrEqualTo(work.getDuration().dividedBy(2));
      RecordedEvent transition = Recorded.only(events, "dev.ragprocessor.JobTransition");
      assertThat(transition.getString("status")).isEqualTo("processed");
      assertThat(transition.getString("jobId")).isEqualTo(work.getString("jobId"));
    }
  }

  @Test
  void a_job_that_waits_and_is_taken_up_again_shows_its_way() throws SQLException, IOException {
    try (IngestRig rig = new IngestRig();
        Recorded recorded = Recorded.all(PIPELINE)) {
      ObjectAttributes object = rig.put("a.md", "Rye and water.");
      rig.bucket.failNext(
          new BucketException(BucketException.Kind.UNAVAILABLE, "away", Duration.ZERO, null));
      rig.finalized(object);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> rig.chunks(object.object()).size() == 1);
      rig.restart();

      List<RecordedEvent> transitions =
          recorded.events().stream()
              .filter(event -> event.getEventType().getName().endsWith("JobTransition"))
              .toList();
      assertThat(transitions)
          .extracting(event -> event.getString("status"))
          .containsExactly("retry_pending", "processing", "processed");
      assertThat(transitions)
          .extracting(event -> event.getString("jobId"))
          .containsOnly(transitions.getFirst().getString("jobId"))
          .doesNotContain("");
      assertThat(transitions.getFirst().getString("reason")).isNotEmpty();
      assertThat(transitions.getFirst().getDuration("delay")).isPositive();
    }
  }
}
