package dev.ragprocessor.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What brought a piece of work here, as those say who sent it: the W3C trace contexts of the
 * delivery, and of the event itself (CloudEvents' distributed tracing extension). Neither is
 * trusted with more than an id; what is malformed counts as absent. Bound while the event is
 * delivered; safe for use by many threads.
 */
public final class Cause {
  private static final ScopedValue<Cause> CURRENT = ScopedValue.newInstance();
  private static final Cause NONE = new Cause(SpanContext.getInvalid(), SpanContext.getInvalid());
  private static final String HEADER = "traceparent";

  private static final TextMapGetter<String> AS_HEADER =
      new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable String text, String key) {
          return key.equals(HEADER) ? text : null;
        }
      };

  private final SpanContext parent;
  private final SpanContext origin;

  private Cause(SpanContext parent, SpanContext origin) {
    this.parent = parent;
    this.origin = origin;
  }

  /**
   * The cause that a delivery tells.
   *
   * @param delivery its {@code traceparent} header; empty when it has none
   * @param event the {@code traceparent} of the event in it; empty when it has none
   */
  public static Cause of(String delivery, String event) {
    if (delivery.isEmpty() && event.isEmpty()) {
      return NONE;
    }
    SpanContext hop = read(delivery);
    SpanContext origin = read(event);
    return hop.isValid() ? new Cause(hop, origin) : new Cause(origin, SpanContext.getInvalid());
  }

  private static SpanContext read(String traceparent) {
    return traceparent.isEmpty()
        ? SpanContext.getInvalid()
        : Span.fromContext(
                W3CTraceContextPropagator.getInstance()
                    .extract(Context.root(), traceparent, AS_HEADER))
            .getSpanContext();
  }

  static Cause current() {
    return CURRENT.orElse(NONE);
  }

  /** Promises what {@code work} makes; the trails that begin within go on from this cause. */
  public <R> R call(Supplier<R> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** What the work is a part of; invalid when nobody said. */
  SpanContext parent() {
    return parent;
  }

  /** Where the event comes from, if that is another than the parent; else invalid. */
  SpanContext origin() {
    return origin;
  }
}
