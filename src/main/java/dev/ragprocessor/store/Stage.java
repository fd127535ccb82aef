package dev.ragprocessor.store;

import java.util.Locale;

/** The stage of a job, as it is shown to people in {@code processing_stage}. */
public enum Stage {
  PENDING,
  DOWNLOADING,
  PARSING,
  ANALYZING,
  TRANSCRIBING,
  SPLITTING,
  EMBEDDING,
  SAVING,
  COMPLETED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
