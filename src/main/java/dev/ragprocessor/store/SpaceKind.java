package dev.ragprocessor.store;

import java.util.Locale;

/**
 * What the vectors of a space stand for. Each kind has its own active space and its own columns.
 */
public enum SpaceKind {
  /** A chunk's text. */
  TEXT(768, "text_embedding", "space_embedding", "text_space", "embedder.adopted-model"),
  /** The medium that a chunk's text is about, or a stretch of it. */
  MULTIMODAL(
      1_408,
      "multimodal_embedding",
      "multimodal_space_embedding",
      "multimodal_space",
      "embedder.multimodal.adopted-model");

  private final int adoptedDimensions;
  private final String adoptedColumn;
  private final String ownColumn;
  private final String spaceColumn;
  private final String adoptedModelKey;

  SpaceKind(
      int adoptedDimensions,
      String adoptedColumn,
      String ownColumn,
      String spaceColumn,
      String adoptedModelKey) {
    this.adoptedDimensions = adoptedDimensions;
    this.adoptedColumn = adoptedColumn;
    this.ownColumn = ownColumn;
    this.spaceColumn = spaceColumn;
    this.adoptedModelKey = adoptedModelKey;
  }

  static SpaceKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** The label in SQL. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The dimensions of the adopted column. */
  int adoptedDimensions() {
    return adoptedDimensions;
  }

  /** The column that the Python service has. */
  String adoptedColumn() {
    return adoptedColumn;
  }

  /** The column of ours for other dimensions; it has none of its own. */
  String ownColumn() {
    return ownColumn;
  }

  /** The column that says which space a row's vector of this kind is of. */
  String spaceColumn() {
    return spaceColumn;
  }

  /** The setting that names the model of adopted vectors. */
  String adoptedModelKey() {
    return adoptedModelKey;
  }
}
