package dev.ragprocessor.store;

import java.util.Locale;

/** The kind of a file, as the type {@code file_category} has it. */
public enum FileCategory {
  DOCUMENTS,
  IMAGES,
  VIDEOS,
  AUDIO;

  /** The label in SQL and on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Promises the category of this label.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static FileCategory of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
