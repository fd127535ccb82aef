package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.TestDatabases;
import dev.ragprocessor.testing.TraceCollector;
import dev.ragprocessor.testing.TraceCollector.Taken;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the whole program tells of itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TelemetryIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String DELIVERY = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String EVENT = "0af7651916cd43dd8448eb211c80319c";
  private static final String UNSAMPLED = "11111111111111111111111111111111";

  @TempDir static Path directory;
  private TraceCollector collector;
  private Running running;

  @BeforeAll
  void start() throws IOException, SQLException {
    collector = new TraceCollector();
    running =
        Running.over(
            TestDatabases.create(),
            directory,
            Map.of("tracing.endpoint", collector.address().toString(), "bucket.watch", "false"));
  }

  @AfterAll
  void stop() {
    running.close();
    collector.close();
  }

  @Test
  void a_delivery_and_every_stage_of_its_work_are_spans_of_the_senders_trace() throws IOException {
    deliver("traced.txt", DELIVERY, "01", EVENT);
    List<Taken> spans = spansOf(DELIVERY, 6);
    Taken deliver = named(spans, "deliver");
    assertThat(deliver.parent()).isEqualTo("00f067aa0ba902b7");
    assertThat(deliver.links()).containsExactly(EVENT);
    assertThat(deliver.service()).isEqualTo("rag-processor");
    Taken process = named(spans, "process");
    assertThat(process.parent()).isEqualTo(deliver.id());
    assertThat(process.attributes())
        .containsEntry("rag.object", "gs://letters/traced.txt")
        .containsEntry("cloudevents.event_id", "1-traced.txt")
        .containsEntry("rag.tenant", running.application().tenant().toString())
        .containsEntry("rag.outcome", "Processed");
    assertThat(spans)
        .filteredOn(span -> span.parent().equals(process.id()))
        .extracting(Taken::name)
        .containsExactlyInAnyOrder("fetch", "extract", "chunk", "embed", "store");
    assertThat(spans).noneMatch(Taken::failed);
  }

  @Test
  void an_event_that_brings_its_own_context_continues_it_where_the_delivery_has_none()
      throws IOException {
    running.drop("own.txt", "The owner of the context.".getBytes(UTF_8));
    running.deliver(
        "own.txt",
        Map.of("ce-traceparent", "00-22222222222222222222222222222222-00f067aa0ba902b7-01"),
        Running.object("own.txt", 1));
    assertThat(named(spansOf("22222222222222222222222222222222", 2), "deliver").links()).isEmpty();
  }

  @Test
  void a_stage_that_fails_is_a_failed_span() throws IOException {
    running.drop("broken.pdf", "%PDF-1.7 but no more".getBytes(UTF_8));
    running.deliver(
        "broken.pdf",
        Map.of("traceparent", "00-33333333333333333333333333333333-00f067aa0ba902b7-01"),
        Running.object("broken.pdf", 1));
    List<Taken> spans = spansOf("33333333333333333333333333333333", 5);
    assertThat(named(spans, "extract").failed()).isTrue();
    assertThat(named(spans, "process").attributes()).containsEntry("rag.outcome", "Rejected");
  }

  @Test
  void what_the_sender_does_not_sample_is_not_recorded() throws IOException {
    deliver("unsampled.txt", UNSAMPLED, "00", EVENT);
    deliver("sampled.txt", "44444444444444444444444444444444", "01", EVENT);
    spansOf("44444444444444444444444444444444", 6);
    assertThat(collector.spans()).noneMatch(span -> span.trace().equals(UNSAMPLED));
  }

  private void deliver(String name, String trace, String flags, String event) throws IOException {
    running.drop(name, ("A file called " + name).getBytes(UTF_8));
    assertThat(
            running
                .deliver(
                    name,
                    Map.of(
                        "traceparent", "00-%s-00f067aa0ba902b7-%s".formatted(trace, flags),
                        "ce-traceparent", "00-%s-b7ad6b7169203331-01".formatted(event)),
                    Running.object(name, 1))
                .statusCode())
        .isIn(202, 204);
  }

  private List<Taken> spansOf(String trace, int least) {
    return await()
        .atMost(SOON)
        .until(
            () -> collector.spans().stream().filter(span -> span.trace().equals(trace)).toList(),
            spans -> spans.size() >= least);
  }

  private static Taken named(List<Taken> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }
}
