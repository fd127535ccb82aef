package dev.ragprocessor.telemetry;

import java.util.UUID;

/**
 * What a piece of work is called in everything that is recorded of it: the event that it is for,
 * its object, and its job as soon as there is one. Bound to the thread that does the work, and
 * carried by hand to threads that do parts of it. Safe for use by many threads.
 */
public final class Trail {
  private static final ScopedValue<Trail> CURRENT = ScopedValue.newInstance();
  private static final Trail NONE = new Trail("", "");

  private final String event;
  private final String object;
  private volatile String job = "";

  private Trail(String event, String object) {
    this.event = event;
    this.object = object;
  }

  /**
   * The trail of an event's work.
   *
   * @param event the event's id; empty for work that a job row alone asks for
   * @param object its {@code gs://} path
   */
  public static Trail of(String event, String object) {
    return new Trail(event, object);
  }

  /** Promises the trail of the work that this thread does; one without names where it does none. */
  public static Trail current() {
    return CURRENT.orElse(NONE);
  }

  /** Runs a part of the work. */
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
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
}
