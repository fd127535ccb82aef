package dev.ragprocessor.telemetry.recording;

import java.time.Instant;

/** What there is of a recording. */
public sealed interface RecordingState {
  /** Nothing. */
  record None() implements RecordingState {}

  /**
   * It is being made.
   *
   * @param until when it ends by itself
   * @param bytes on disk so far; the newest events are still in memory
   */
  record Running(Instant since, Instant until, long bytes) implements RecordingState {}

  /** It has ended, and is kept until it is discarded or the next begins. */
  record Finished(Instant since, Instant until, long bytes) implements RecordingState {}
}
