package dev.ragprocessor.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.opentelemetry.api.trace.SpanContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each line of the log as one JSON object in Cloud Logging's structured format (Cloud
 * Logging, "Structured logging", special fields), with the names of the {@link Trail} that the
 * thread is on as labels. Belongs to an appender that writes on the thread that logs.
 */
public final class CloudLogEncoder extends EncoderBase<ILoggingEvent> {
  // The default keeps its buffers in the thread, and each event is one.
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build();
  private static final String FIELD = "logging.googleapis.com/";

  /** Cloud Logging refuses entries over 256 KiB. */
  private static final int LONGEST = 64 * 1024;

  private final String traces;

  /**
   * @param project of Google Cloud, by which its consoles find the trace; empty when not known
   */
  public CloudLogEncoder(String project) {
    this.traces = project.isEmpty() ? "" : "projects/%s/traces/".formatted(project);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("severity", severity(event.getLevel()));
      json.writeStringField("time", event.getInstant().toString());
      json.writeStringField("message", cut(event.getFormattedMessage()));
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", event.getThreadName());
      pairs(json, event.getKeyValuePairs());
      if (event.getThrowableProxy() != null) {
        json.writeStringField(
            "stack_trace", cut(ThrowableProxyUtil.asString(event.getThrowableProxy())));
      }
      trail(json, Trail.current());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Bytes are written to memory", impossible);
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void pairs(JsonGenerator json, List<KeyValuePair> pairs) throws IOException {
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        switch (pair.value) {
          case Integer number -> json.writeNumberField(pair.key, number);
          case Long number -> json.writeNumberField(pair.key, number);
          case Double number -> json.writeNumberField(pair.key, number);
          case null, default -> json.writeStringField(pair.key, cut(String.valueOf(pair.value)));
        }
      }
    }
  }

  private void trail(JsonGenerator json, Trail trail) throws IOException {
    SpanContext span = trail.span();
    if (span.isValid()) {
      json.writeStringField(FIELD + "trace", traces + span.getTraceId());
      json.writeStringField(FIELD + "spanId", span.getSpanId());
      json.writeBooleanField(FIELD + "trace_sampled", span.isSampled());
    }
    if (!trail.object().isEmpty()) {
      json.writeObjectFieldStart(FIELD + "labels");
      label(json, "event", trail.event());
      label(json, "job", trail.job());
      label(json, "object", trail.object());
      label(json, "tenant", trail.tenant());
      json.writeEndObject();
    }
  }

  private static void label(JsonGenerator json, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
