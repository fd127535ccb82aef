package dev.ragprocessor.ingest;

import dev.ragprocessor.telemetry.Trail;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The line that the log has for every event that was worked on, when that work has ended. */
final class EventLine {
  private static final Logger LOG = LoggerFactory.getLogger(EventLine.class);

  private EventLine() {}

  /** Logs how the work ended: what somebody may have to look at as a warning. */
  static void log(EventWork work, Outcome ended) {
    Level level =
        switch (ended) {
          case Outcome.Rejected _, Outcome.NotTaken _ -> Level.WARN;
          case Outcome.Processed _,
              Outcome.Deleted _,
              Outcome.Duplicate _,
              Outcome.Superseded _,
              Outcome.Ignored _,
              Outcome.Accepted _ ->
              Level.INFO;
        };
    if (LOG.isEnabledForLevel(level)) {
      Trail trail = work.trail();
      LOG.atLevel(level)
          .addKeyValue("outcome", ended.getClass().getSimpleName())
          .addKeyValue("stage", work.stage())
          .addKeyValue("seconds", work.age().toNanos() / 1e9)
          .log("{}: {}", trail.object(), sentence(work, ended));
    }
  }

  private static String sentence(EventWork work, Outcome ended) {
    return switch (ended) {
      case Outcome.Processed(UUID _, int chunks, String missing) ->
          "%d chunks stored after %d ms%s"
              .formatted(
                  chunks, work.age().toMillis(), missing.isEmpty() ? "" : ", in part: " + missing);
      case Outcome.Deleted _ -> "deleted";
      case Outcome.Duplicate _ -> "nothing new";
      case Outcome.Superseded _ -> "something newer is known";
      case Outcome.Ignored(String reason) -> "ignored: " + reason;
      case Outcome.Accepted _ -> "waits for another attempt" + work.waitsFor();
      case Outcome.Rejected(String reason) -> "rejected: " + reason;
      case Outcome.NotTaken(Failure failure) -> "not taken: " + failure.reason();
    };
  }
}
