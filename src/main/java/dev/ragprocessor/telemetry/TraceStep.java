package dev.ragprocessor.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;

/**
 * A span of a trail, from its beginning until it is closed, by whoever began it. What is told of it
 * are names and numbers, never content.
 */
public final class TraceStep implements AutoCloseable {
  /** The step of work that is not traced. */
  static final TraceStep NONE =
      new TraceStep(Span.getInvalid(), Trail.NONE, SpanContext.getInvalid());

  private final Span span;
  private final Trail trail;
  private final SpanContext outer;

  TraceStep(Span span, Trail trail, SpanContext outer) {
    this.span = span;
    this.trail = trail;
    this.outer = outer;
  }

  /** Tells the trail's names, which are complete only at its end, and how it ended. */
  public void ended(String outcome) {
    if (span.isRecording()) {
      tell("cloudevents.event_id", trail.event());
      tell("rag.object", trail.object());
      tell("rag.job", trail.job());
      tell("rag.tenant", trail.tenant());
      tell("rag.outcome", outcome);
    }
  }

  private void tell(String key, String value) {
    if (!value.isEmpty()) {
      span.setAttribute(key, value);
    }
  }

  /**
   * Tells that it failed.
   *
   * @param how the kind of failure, not its message
   */
  public void failed(String how) {
    if (span.isRecording()) {
      span.setStatus(StatusCode.ERROR, how);
    }
  }

  @Override
  public void close() {
    if (this != NONE) {
      trail.leaves(span.getSpanContext(), outer);
      span.end();
    }
  }
}
