package dev.ragprocessor.store;

import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a row's columns by name; SQL's NULL is {@code null} or what the caller says instead. */
final class Columns {
  private Columns() {}

  static String text(DbRow row, String column) {
    return required(row, column, String.class);
  }

  static String textOr(DbRow row, String column, String otherwise) {
    String value = optional(row, column, String.class);
    return value == null ? otherwise : value;
  }

  static @Nullable String textOrNull(DbRow row, String column) {
    return optional(row, column, String.class);
  }

  static UUID uuid(DbRow row, String column) {
    return required(row, column, UUID.class);
  }

  static @Nullable UUID uuidOrNull(DbRow row, String column) {
    return optional(row, column, UUID.class);
  }

  static long integer(DbRow row, String column) {
    return required(row, column, Number.class).longValue();
  }

  static long integerOr(DbRow row, String column, long otherwise) {
    Number value = optional(row, column, Number.class);
    return value == null ? otherwise : value.longValue();
  }

  static double real(DbRow row, String column) {
    return required(row, column, Number.class).doubleValue();
  }

  static @Nullable Duration secondsOrNull(DbRow row, String column) {
    Number value = optional(row, column, Number.class);
    return value == null ? null : Duration.ofMillis(Math.round(value.doubleValue() * 1_000));
  }

  static boolean truth(DbRow row, String column) {
    return Boolean.TRUE.equals(optional(row, column, Boolean.class));
  }

  static @Nullable Instant instantOrNull(DbRow row, String column) {
    Timestamp value = optional(row, column, Timestamp.class);
    return value == null ? null : value.toInstant();
  }

  static Instant instant(DbRow row, String column) {
    return required(row, column, Timestamp.class).toInstant();
  }

  private static <T> T required(DbRow row, String column, Class<T> type) {
    T value = optional(row, column, type);
    if (value == null) {
      throw new IllegalStateException("column " + column + " is NULL");
    }
    return value;
  }

  private static <T> @Nullable T optional(DbRow row, String column, Class<T> type) {
    return row.column(column).get(type);
  }
}
