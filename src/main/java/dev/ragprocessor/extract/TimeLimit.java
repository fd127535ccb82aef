package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.time.Duration;

/** What a person is told whose file takes too long. */
final class TimeLimit {
  private TimeLimit() {}

  static ExtractionException passed(Duration limit) {
    return new ExtractionException(Reason.TOO_SLOW, sentence(limit), null);
  }

  static String sentence(Duration limit) {
    return "Reading this file took longer than the limit of "
        + (limit.toSeconds() > 0 ? limit.toSeconds() + " seconds" : limit.toMillis() + " ms")
        + "; split it into smaller files, or save it again in a simpler form.";
  }
}
