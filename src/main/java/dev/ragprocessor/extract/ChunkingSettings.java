package dev.ragprocessor.extract;

import java.util.Map;

/**
 * How documents are cut into chunks, and how large those are.
 *
 * @param maxCharacters of a chunk, in UTF-16 units, where characters count; 100 to 20,000, default
 *     1000
 * @param overlap how much of a chunk's end the next one may repeat, in UTF-16 units; 0 or more,
 *     less than {@code maxCharacters}, default 200
 * @param maxTokens of a chunk, where tokens count; never more than the model reads, 0 for as many
 *     as that, else 16 to 8,192; default 0
 * @param maxRows of a table in one chunk, where rows count; 1 to 1,000, default 1
 * @param strategy for the kinds that {@code strategies} does not name; default by structure
 * @param strategies of single kinds
 */
public record ChunkingSettings(
    int maxCharacters,
    int overlap,
    int maxTokens,
    int maxRows,
    Strategy strategy,
    Map<FileKind, Strategy> strategies) {
  /** What decides where a chunk ends. */
  public enum Strategy {
    /** Headings, pages, paragraphs, sentences, in this order. */
    STRUCTURE,
    /** The same, with sizes in the embedding model's tokens. */
    TOKENS,
    /** Sentences. */
    SENTENCES,
    /** The rows of tables. */
    ROWS,
    /** Pages, slides and sheets. */
    PAGES
  }

  /** No chunk of any strategy is longer, in UTF-16 units. */
  static final int MOST_CHARACTERS = 20_000;

  /** The defaults named above. */
  public static final ChunkingSettings DEFAULT =
      new ChunkingSettings(1000, 200, 0, 1, Strategy.STRUCTURE, Map.of());

  public ChunkingSettings {
    strategies = Map.copyOf(strategies);
    requireRange("maxCharacters", maxCharacters, 100, MOST_CHARACTERS);
    if (overlap < 0 || overlap >= maxCharacters) {
      throw new IllegalArgumentException(
          "overlap must be from 0 to below maxCharacters (" + maxCharacters + "): " + overlap);
    }
    if (maxTokens != 0) {
      requireRange("maxTokens, unless 0,", maxTokens, 16, 8_192);
    }
    requireRange("maxRows", maxRows, 1, 1_000);
  }

  /** The strategy for one kind. */
  Strategy strategyFor(FileKind kind) {
    return strategies.getOrDefault(kind, strategy);
  }

  /** How much of the model's tokens a chunk has. */
  Measure tokens(ModelTokens model) {
    int most = maxTokens == 0 ? model.most() : Math.min(maxTokens, model.most());
    return new Measure.Tokens(model, most, MOST_CHARACTERS);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d: %d".formatted(name, least, most, value));
    }
  }
}
