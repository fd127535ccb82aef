package dev.ragprocessor.db;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an outermost scope ended, as meters and events tell it. */
enum ScopeOutcome {
  /** The block returned and what it asked for is stored. */
  OK,
  /** The block threw, or its transaction could not be stored. */
  FAILED,
  /** No permit came in time. */
  EXHAUSTED,
  /** No connection could be had, or it was lost. */
  LOST,
  /** Its connection was taken away at the hold limit. */
  HELD_TOO_LONG;

  static ScopeOutcome of(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> OK;
      case ConnectionPoolExhaustedException _ -> EXHAUSTED;
      case DatabaseConnectionException _ -> LOST;
      case ScopeHeldTooLongException _ -> HELD_TOO_LONG;
      default -> FAILED;
    };
  }

  /** Promises the name in lower case, as tags have it. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
