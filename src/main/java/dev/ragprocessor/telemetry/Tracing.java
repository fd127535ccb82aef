package dev.ragprocessor.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of work and sends them to a collector, in batches and on a thread of its own: work
 * never waits for it, and what the collector does not take in time is dropped. Where it is off a
 * span costs one comparison. Safe for use by many threads.
 */
public final class Tracing implements AutoCloseable {
  private static final Tracing OFF = new Tracing(null);
  private static final String NAME = "rag-processor";
  private static final Duration EXPORT = Duration.ofSeconds(10);
  private static final Duration LAST_EXPORT = Duration.ofSeconds(5);

  private final @Nullable SdkTracerProvider provider;
  private final @Nullable Tracer tracer;

  private Tracing(@Nullable SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider == null ? null : provider.get(NAME);
  }

  /** No spans at all. */
  public static Tracing off() {
    return OFF;
  }

  /** Promises spans for the collector there. */
  public static Tracing to(TracingSettings settings) {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.traces().toString())
            .setTimeout(EXPORT)
            .build();
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        NAME,
                        AttributeKey.stringKey("service.version"),
                        settings.version())));
    return new Tracing(
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampleRatio())))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build());
  }

  /** Begins the span of a delivery. */
  public TraceStep delivery(Trail trail) {
    return begin("deliver", SpanKind.SERVER, trail);
  }

  /** Begins the span of the work on one event, or of one attempt at a job. */
  public TraceStep work(Trail trail) {
    return begin("process", SpanKind.CONSUMER, trail);
  }

  /** Begins the span of a stage of the work. */
  public TraceStep stage(String name, Trail trail) {
    return begin(name, SpanKind.INTERNAL, trail);
  }

  private TraceStep begin(String name, SpanKind kind, Trail trail) {
    if (tracer == null) {
      return TraceStep.NONE;
    }
    SpanContext outer = trail.span();
    SpanBuilder builder =
        tracer.spanBuilder(name).setSpanKind(kind).setParent(Context.root().with(Span.wrap(outer)));
    SpanContext origin = trail.cause().origin();
    if (kind == SpanKind.SERVER && origin.isValid()) {
      builder.addLink(origin);
    }
    Span span = builder.startSpan();
    trail.enters(span.getSpanContext());
    return new TraceStep(span, trail, outer);
  }

  /** Sends what is left, and waits for that a few seconds at most. */
  @Override
  public void close() {
    if (provider != null) {
      provider.shutdown().join(LAST_EXPORT.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
