package dev.ragprocessor.ingest;

import dev.ragprocessor.testing.FragileWire;
import java.util.List;

/**
 * One thing that happens in a history. Objects, texts, events (the newest is 0) and replicas are
 * numbers that are taken modulo how many there are, so that any steps make a history, and so does
 * what is left of them when they are shrunk.
 */
sealed interface Step {
  /** Whether nobody has been told of it yet, so that nothing can have changed. */
  default boolean isOnlyNews() {
    return switch (this) {
      case Put _,
          Delete _,
          Touch _,
          BucketFails _,
          ModelFails _,
          BackendDies _,
          ProcessDies _,
          BucketHolds _,
          ModelHolds _,
          Lose _,
          Compare _ ->
          true;
      case Deliver _,
          DeliverAgain _,
          DeliverTogether _,
          AllGoOn _,
          LeasesRunOut _,
          RetriesFallDue _,
          Sweep _,
          Mend _ ->
          false;
    };
  }

  /**
   * An object gets a new generation; what it replaces is told as deleted, archived or not at all.
   */
  record Put(int object, int text, Farewell farewell) implements Step {}

  /** An object goes. */
  record Delete(int object, Farewell farewell) implements Step {}

  /** An object's metadata change. */
  record Touch(int object) implements Step {}

  /** An event that was not acknowledged yet is delivered, whichever it is. */
  record Deliver(int event, int replica) implements Step {}

  /** An event is delivered that may have been acknowledged long ago. */
  record DeliverAgain(int event, int replica) implements Step {}

  /** Events are delivered at the same time. */
  record DeliverTogether(List<DeliverAgain> deliveries) implements Step {}

  /** The next read of the bucket fails. */
  record BucketFails(Trouble trouble) implements Step {}

  /** The next call of the model fails. */
  record ModelFails(Trouble trouble) implements Step {}

  /** A replica's backend dies with the statement so many statements from now. */
  record BackendDies(int replica, int statement, FragileWire.Cut cut) implements Step {}

  /** Reads of the bucket take long from now on. */
  record BucketHolds() implements Step {}

  /** The next call of the model takes long. */
  record ModelHolds() implements Step {}

  /** What takes long comes to its end. */
  record AllGoOn() implements Step {}

  /** All leases run out, also of those who work on. */
  record LeasesRunOut() implements Step {}

  /** All jobs that wait for a retry are due. */
  record RetriesFallDue() implements Step {}

  /** A replica takes up what is due. */
  record Sweep(int replica) implements Step {}

  /** A replica's process is killed with its so manieth scope from now, and starts anew. */
  record ProcessDies(int replica, int scope, boolean stored) implements Step {}

  /** An event that was not acknowledged yet is never delivered again. */
  record Lose(int event) implements Step {}

  /** The bucket and the database are compared, as a replica sees it. */
  record Compare(int replica) implements Step {}

  /** What the last comparison found is mended, whatever has happened since. */
  record Mend(int replica) implements Step {}

  /** What Cloud Storage says of a generation that is live no longer. */
  enum Farewell {
    DELETED,
    ARCHIVED,
    SILENT
  }

  /** How something outside fails. */
  enum Trouble {
    UNAVAILABLE,
    AWAY_FOR_AN_HOUR,
    MISCONFIGURED
  }
}
