package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ChunkingSettings.Strategy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The chunker of each kind of document, as the settings choose it. Thread-safe. */
public final class Chunking {
  // Never changed once it is made.
  private final Map<FileKind, Chunker> chunkers = new EnumMap<>(FileKind.class);

  /** Chunkers with these settings, for a model that reads so much. */
  public Chunking(ChunkingSettings settings, ModelTokens model) {
    for (FileKind kind : FileKind.values()) {
      chunkers.put(kind, chunker(settings.strategyFor(kind), settings, model));
    }
  }

  /** The chunker of one kind. */
  public Chunker of(FileKind kind) {
    return Objects.requireNonNull(chunkers.get(kind));
  }

  static Chunker chunker(Strategy strategy, ChunkingSettings settings, ModelTokens model) {
    return switch (strategy) {
      case STRUCTURE -> new StructureChunker(settings);
      case TOKENS -> new TokenChunker(settings, model);
      case SENTENCES -> new SentenceChunker(settings);
      case ROWS -> new RowChunker(settings);
      case PAGES -> new PageChunker(model);
    };
  }
}
