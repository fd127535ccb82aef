package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.ObjectTooLargeException;
import dev.ragprocessor.db.DatabaseFailure;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.store.InactiveSpaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong in a room, by type, as what helps. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final Duration SATURATED_PAUSE = Duration.ofSeconds(2);

  private Failures() {}

  /** Promises what helps; a failure that no room declares is logged here, once, as our fault. */
  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case ExtractionException e -> new Failure.Permanent(reason(e));
      case ObjectTooLargeException e -> new Failure.Permanent(reason(e));
      case BucketException e -> of(e);
      case EmbeddingException e -> of(e);
      case InactiveSpaceException e -> new Failure.Misconfigured(reason(e));
      case VectorsMissingException e when e.getCause() instanceof EmbeddingException cause ->
          of(cause);
      case ChangedMeanwhileException e -> new Failure.Retryable(reason(e), Duration.ZERO);
      case IOException e -> spool(e);
      case UncheckedIOException e -> spool(e);
      default -> DatabaseFailure.in(thrown).map(Failures::of).orElseGet(() -> own(thrown));
    };
  }

  /** Promises the message of an exception of a room, which always has one. */
  static String reason(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), thrown.getClass().getSimpleName());
  }

  private static Failure of(BucketException e) {
    return switch (e.kind()) {
      case UNAVAILABLE -> new Failure.Retryable(reason(e), e.retryAfter());
      case MISCONFIGURED -> new Failure.Misconfigured(reason(e));
      case REFUSED -> new Failure.Permanent(reason(e));
    };
  }

  private static Failure of(EmbeddingException e) {
    return switch (e.kind()) {
      case EXHAUSTED, UNAVAILABLE -> new Failure.Retryable(reason(e), e.retryAfter());
      case MISCONFIGURED -> new Failure.Misconfigured(reason(e));
      case REFUSED -> new Failure.Permanent(reason(e));
    };
  }

  private static Failure of(DatabaseFailure failure) {
    return switch (failure.verdict()) {
      case SATURATED -> new Failure.Saturated(failure.reason(), SATURATED_PAUSE);
      case RETRYABLE -> new Failure.Retryable(failure.reason(), Duration.ZERO);
      case MISCONFIGURED -> new Failure.Misconfigured(failure.reason());
      case PERMANENT ->
          new Failure.Permanent(
              failure.missing().isEmpty() ? failure.reason() : ownerless(failure.missing()));
    };
  }

  // Only the owner's row is another program's to insert; every other row comes with the one that
  // refers to it.
  private static String ownerless(String foreignKey) {
    return """
    the object's owner is no user of this database (foreign key %s): its name must begin with \
    a user's id, or ingest.default-tenant must be one\
    """
        .formatted(foreignKey);
  }

  // The file that was fetched, not the object: the disk here is full or gone.
  private static Failure spool(Exception e) {
    LOG.warn("temporary files cannot be written or read", e);
    return new Failure.Retryable("temporary files cannot be written or read here", Duration.ZERO);
  }

  private static Failure own(Throwable thrown) {
    LOG.error("an error of this service's own", thrown);
    return new Failure.Retryable(
        "internal error (%s)".formatted(thrown.getClass().getSimpleName()), Duration.ZERO);
  }
}
