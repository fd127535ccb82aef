package dev.ragprocessor.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a piece of work is called in everything that is recorded of it: the event that it is for,
 * its object and that one's owner, its job as soon as there is one, and where it stands in a
 * distributed trace. Bound to the thread that does the work, and carried by hand to threads that do
 * parts of it. Safe for use by many threads.
 */
public final class Trail {
  private static final ScopedValue<Trail> CURRENT = ScopedValue.newInstance();
  static final Trail NONE = new Trail("", "", Cause.of("", ""));

  private final String event;
  private final String object;
  private final Cause cause;
  private volatile String job = "";
  private volatile String tenant = "";
  private volatile SpanContext span;

  private Trail(String event, String object, Cause cause) {
    this.event = event;
    this.object = object;
    this.cause = cause;
    this.span = cause.parent();
  }

  /**
   * The trail of an event's work, which goes on from the {@link Cause} that is bound.
   *
   * @param event the event's id; empty for work that a job row alone asks for
   * @param object its {@code gs://} path
   */
  public static Trail of(String event, String object) {
    return new Trail(event, object, Cause.current());
  }

  /** Promises the trail of the work that this thread does; one without names where it does none. */
  public static Trail current() {
    return CURRENT.orElse(NONE);
  }

  /** Runs a part of the work. */
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
  }

  /** Promises what a part of the work makes. */
  public <R> R call(Supplier<R> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** The id of the event; empty where there is none. */
  public String event() {
    return event;
  }

  /** The {@code gs://} path of the object; empty where there is none. */
  public String object() {
    return object;
  }

  /** The id of the job; empty as long as there is none. */
  public String job() {
    return job;
  }

  /** From now on the work is that of this job. */
  public void belongsTo(UUID jobId) {
    if (this != NONE) {
      job = jobId.toString();
    }
  }

  /** The owner of the object; empty as long as nobody has said. */
  public String tenant() {
    return tenant;
  }

  /** From now on it is known whose the object is. */
  public void isOf(UUID owner) {
    if (this != NONE) {
      tenant = owner.toString();
    }
  }

  Cause cause() {
    return cause;
  }

  /** Where the work stands in a trace; invalid where it is in none. */
  SpanContext span() {
    return span;
  }

  /** From now on the work is in this span. */
  void enters(SpanContext inner) {
    span = inner;
  }

  /** That span has ended; another, which a different thread is in meanwhile, stays. */
  void leaves(SpanContext inner, SpanContext outer) {
    if (span.equals(inner)) {
      span = outer;
    }
  }
}
