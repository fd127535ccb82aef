package dev.ragprocessor.store;

import java.util.Locale;

/** The status of a job, as the type {@code document_processing_job_status} has it. */
public enum JobStatus {
  PENDING,
  PROCESSING,
  PROCESSED,
  ERROR,
  RETRY_PENDING,
  CANCELLED,
  PARTIALLY_PROCESSED;

  /** The label in SQL and on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Promises the status of this label.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static JobStatus of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
