package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/** Where the rows of a binary COPY are written; valid inside {@link Scope#copyIn} only. */
public interface CopyRows {
  /**
   * Writes one row. Values are typed by their Java class: {@code UUID}, {@code String} (text, or a
   * {@code PGobject} of type jsonb), {@code Integer}, {@code Long}, {@code float[]} (vector),
   * {@code OffsetDateTime} and {@code null}.
   */
  void row(@Nullable Object... values);
}
