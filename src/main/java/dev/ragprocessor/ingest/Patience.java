package dev.ragprocessor.ingest;

import dev.ragprocessor.db.DatabaseFailure;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.db.Work;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for what is away for a while, longer each time, so that it does not end work of hours.
 *
 * @param ending whether the work is to end, and so is not to wait
 */
record Patience(BooleanSupplier ending) {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final int TRIES = 8;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Promises the transaction's result, once the database is there. */
  <R> R inTransaction(Scopes database, String name, Work<R, RuntimeException> work)
      throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return database.inTransaction(name, work);
      } catch (RuntimeException e) {
        Verdict verdict = Verdict.of(e);
        boolean passing = verdict == Verdict.SATURATED || verdict == Verdict.RETRYABLE;
        String reason = DatabaseFailure.in(e).map(DatabaseFailure::reason).orElse("");
        if (!passing || !pause(tries, Duration.ZERO, reason)) {
          throw e;
        }
      }
    }
  }

  /**
   * Waits before another try, and says whether there is to be one.
   *
   * @param tries that there have been
   * @param asked how long to wait at least
   * @param reason for the log
   */
  boolean pause(int tries, Duration asked, String reason) throws InterruptedException {
    if (tries >= TRIES) {
      return false;
    }
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << (tries - 1));
    Duration usual = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    Duration pause = asked.compareTo(usual) > 0 ? asked : usual;
    LOG.warn("{}; again in {} s", reason, pause.toSeconds());
    return VectorRate.pause(pause.toNanos(), ending);
  }
}
