package dev.ragprocessor.ingest;

import java.util.function.Function;

/** What became of something that a person asked for. */
public sealed interface Decision<T> {
  /** Promises the same with another form of what was asked for. */
  default <R> Decision<R> map(Function<T, R> form) {
    return switch (this) {
      case Done<T>(T now) -> new Done<>(form.apply(now));
      case Unknown<T>() -> new Unknown<>();
      case Refused<T>(String reason) -> new Refused<>(reason);
    };
  }

  /**
   * It is so now, and durable.
   *
   * @param now what it was asked for, as it is now; of what is deleted, as it was last
   */
  record Done<T>(T now) implements Decision<T> {}

  /** There is no such thing, or it is another tenant's, which is not told apart. */
  record Unknown<T>() implements Decision<T> {}

  /** Its state does not allow it. The reason is a sentence that says what does help. */
  record Refused<T>(String reason) implements Decision<T> {}
}
