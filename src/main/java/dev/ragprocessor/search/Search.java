package dev.ragprocessor.search;

import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.PassageSearch;
import java.util.List;

/**
 * Finds passages by meaning. The score of a passage is the cosine similarity of its vector and the
 * question's, in the active text space: 1 is the same direction, 0 unrelated. Safe for use by many
 * threads; it blocks on the model first and on the database afterwards, never on both.
 */
public final class Search {
  private final Scopes database;
  private final TextEmbedder embedder;
  private final ActiveSpace space;

  /**
   * @param embedder of the same space as {@code space}
   */
  public Search(Scopes database, TextEmbedder embedder, ActiveSpace space) {
    if (!embedder.space().equals(space.space())) {
      throw new IllegalArgumentException(
          "the embedder makes vectors of %s, stored are those of %s"
              .formatted(embedder.space(), space.space()));
    }
    this.database = database;
    this.embedder = embedder;
    this.space = space;
  }

  /**
   * Promises the best passages first; passages of equal score in no particular order.
   *
   * @throws dev.ragprocessor.embed.EmbeddingException when the model cannot read the question
   */
  public List<PassageSearch.Hit> ask(Question question) {
    float[] vector = embedder.embedQuestion(question.text());
    return database.inTransaction(
        db ->
            PassageSearch.nearest(
                db, space, vector, question.filter(), question.limit(), question.threshold()));
  }
}
