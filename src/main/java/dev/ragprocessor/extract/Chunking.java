package dev.ragprocessor.extract;

/** The chunker of each kind of document, as the settings choose it. Thread-safe. */
public final class Chunking {
  private final ChunkingSettings settings;

  /** Chunkers with these settings, for a model that reads so much. */
  public Chunking(ChunkingSettings settings, ModelTokens tokens) {
    this.settings = settings;
  }

  /** The chunker of one kind. */
  public Chunker of(FileKind kind) {
    return Chunker.byStructure(settings);
  }
}
