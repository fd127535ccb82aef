package dev.ragprocessor.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.bucket.ObjectAttributes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Row 40: what can never be processed is recorded once, and those beside it do not feel it. */
@Timeout(60)
class Row40PoisonEventIT {
  private static final int NEIGHBOURS = 20;

  @Test
  void poison_is_recorded_once_and_its_neighbours_are_processed() throws SQLException {
    try (IngestRig rig = new IngestRig()) {
      List<ObjectAttributes> poison =
          List.of(
              rig.bucket.put(
                  IngestRig.BUCKET,
                  "broken.pdf",
                  "application/pdf",
                  "%PDF-1.7 and then nothing".getBytes(UTF_8)),
              rig.put("empty.txt", ""),
              rig.bucket.put(
                  IngestRig.BUCKET,
                  "broken.docx",
                  "application/zip",
                  "PK\3\4 cut".getBytes(UTF_8)));
      List<CompletableFuture<Outcome>> first = new ArrayList<>();
      List<CompletableFuture<Outcome>> good = new ArrayList<>();
      poison.forEach(object -> first.add(rig.finalizedLater(rig.processor(), object)));
      for (int number = 0; number < NEIGHBOURS; number++) {
        ObjectAttributes object = rig.put("good-%d.txt".formatted(number), "Shelf " + number);
        good.add(rig.finalizedLater(rig.processor(), object));
      }

      assertThat(first)
          .allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Outcome.Rejected.class));
      assertThat(good)
          .allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Outcome.Processed.class));
      for (ObjectAttributes object : poison) {
        assertThat(rig.finalized(object)).isEqualTo(new Outcome.Duplicate());
      }
      assertThat(
              rig.value(
                  Long.class,
                  """
                  SELECT count(*) FROM document_processing_jobs
                   WHERE status = 'error' AND error_message <> ''
                  """))
          .isEqualTo(poison.size());
      assertThat(rig.value(Long.class, "SELECT count(*) FROM document_chunks"))
          .isEqualTo(NEIGHBOURS);
      rig.atRest();
    }
  }
}
