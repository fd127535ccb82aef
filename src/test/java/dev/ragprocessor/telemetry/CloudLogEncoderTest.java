package dev.ragprocessor.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A line is what Cloud Logging's documentation of structured logging says that it takes. */
class CloudLogEncoderTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String TRACES = "logging.googleapis.com/trace";
  private static final String LABELS = "logging.googleapis.com/labels";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger("test");

  @BeforeEach
  void write() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    CloudLogEncoder encoder = new CloudLogEncoder("my-project");
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    log.addAppender(appender);
    log.setLevel(Level.DEBUG);
  }

  @Test
  void a_line_has_severity_time_and_message() {
    log.warn("a \"quoted\"\nmessage of {}", 2);
    JsonNode line = line();
    assertThat(line.path("severity").asText()).isEqualTo("WARNING");
    assertThat(line.path("message").asText()).isEqualTo("a \"quoted\"\nmessage of 2");
    assertThat(Duration.between(Instant.parse(line.path("time").asText()), Instant.now()).abs())
        .isLessThan(Duration.ofMinutes(1));
    assertThat(line.has(LABELS)).isFalse();
    assertThat(line.has(TRACES)).isFalse();
  }

  @Test
  void every_level_is_a_severity() {
    log.debug("x");
    log.info("x");
    log.warn("x");
    log.error("x");
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .extracting(line -> parse(line).path("severity").asText())
        .containsExactly("DEBUG", "INFO", "WARNING", "ERROR");
  }

  @Test
  void names_and_trace_are_those_of_the_work_that_the_thread_does() {
    UUID job = UUID.randomUUID();
    UUID tenant = UUID.randomUUID();
    Trail trail =
        Cause.of("00-" + TRACE + "-" + SPAN + "-01", "").call(() -> Trail.of("17", "gs://b/n"));
    trail.belongsTo(job);
    trail.isOf(tenant);
    trail.run(() -> log.info("stored"));
    JsonNode line = line();
    assertThat(line.path(TRACES).asText()).isEqualTo("projects/my-project/traces/" + TRACE);
    assertThat(line.path("logging.googleapis.com/spanId").asText()).isEqualTo(SPAN);
    assertThat(line.path("logging.googleapis.com/trace_sampled").asBoolean()).isTrue();
    assertThat(line.path(LABELS))
        .isEqualTo(
            parse(
                """
                {"event": "17", "job": "%s", "object": "gs://b/n", "tenant": "%s"}
                """
                    .formatted(job, tenant)));
  }

  @Test
  void pairs_are_fields_and_an_exception_is_a_stack_trace() {
    log.atError()
        .addKeyValue("chunks", 3)
        .addKeyValue("seconds", 0.5)
        .addKeyValue("outcome", "Processed")
        .setCause(new IllegalStateException("broken"))
        .log("failed");
    JsonNode line = line();
    assertThat(line.path("chunks").intValue()).isEqualTo(3);
    assertThat(line.path("seconds").doubleValue()).isEqualTo(0.5);
    assertThat(line.path("outcome").asText()).isEqualTo("Processed");
    assertThat(line.path("stack_trace").asText())
        .startsWith("java.lang.IllegalStateException: broken")
        .contains("CloudLogEncoderTest");
  }

  @Test
  void a_line_stays_below_what_cloud_logging_takes() {
    log.info("{}", "x".repeat(1_000_000));
    assertThat(written.size()).isLessThan(256 * 1024);
    assertThat(line().path("message").asText()).hasSizeGreaterThan(1_000);
  }

  private JsonNode line() {
    String text = written.toString(StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n");
    assertThat(text.strip()).doesNotContain("\n");
    return parse(text);
  }

  private static JsonNode parse(String json) {
    try {
      return new JsonMapper().readTree(json);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(json, broken);
    }
  }
}
