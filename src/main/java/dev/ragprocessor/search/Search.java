package dev.ragprocessor.search;

import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.PassageSearch.Hit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds passages by meaning: by the vectors of their texts, and where there is a model for it, by
 * those of the media that they are about. What the score is, {@link Answer} says. Safe for use by
 * many threads; it blocks on the models first and on the database afterwards, never on both.
 */
public final class Search {
  /** How far down each ranking a passage may be to count in both. */
  private static final int RANKED = 100;

  private final Scopes database;
  private final TextEmbedder embedder;
  private final ActiveSpace space;
  private final @Nullable MediaVectors media;

  /** A search by text only. */
  public Search(Scopes database, TextEmbedder embedder, ActiveSpace space) {
    this(database, embedder, space, null);
  }

  /**
   * @param embedder of the same space as {@code space}
   * @param media null where no model makes vectors of media
   */
  public Search(
      Scopes database, TextEmbedder embedder, ActiveSpace space, @Nullable MediaVectors media) {
    if (!embedder.space().equals(space.space())) {
      throw new IllegalArgumentException(
          "the embedder makes vectors of %s, stored are those of %s"
              .formatted(embedder.space(), space.space()));
    }
    this.database = database;
    this.embedder = embedder;
    this.space = space;
    this.media = media;
  }

  /**
   * Promises the best passages first; passages of equal score in no particular order. Where the
   * model of media does not answer, the texts are searched alone, and the answer says so.
   *
   * @throws dev.ragprocessor.embed.EmbeddingException when the text's model cannot read the
   *     question
   */
  public Answer ask(Question question) {
    if (media == null || !asksForMedia(question.filter().categories())) {
      return new Answer(byText(question, embedder.embedQuestion(question.text())), "");
    }
    try (MediaQuestion asked = MediaQuestion.ask(media.embedder(), question.text())) {
      float[] text = embedder.embedQuestion(question.text());
      return switch (asked.await()) {
        case MediaQuestion.Asked.Vector(float[] vector) ->
            new Answer(
                database.inTransaction(db -> byBoth(db, question, text, media.space(), vector)),
                "");
        case MediaQuestion.Asked.Nothing(String why) ->
            new Answer(
                byText(question, text),
                "only texts were searched, descriptions and transcripts of media among them: the"
                    + " model for the vectors of media gave none for this question: "
                    + why);
      };
    }
  }

  /** Documents have no vectors of media. */
  private static boolean asksForMedia(List<FileCategory> categories) {
    return categories.isEmpty()
        || categories.stream().anyMatch(category -> category != FileCategory.DOCUMENTS);
  }

  private List<Found> byText(Question question, float[] vector) {
    return database.inTransaction(
        db -> Fusion.of(nearest(db, question, space, vector, question.limit())));
  }

  private List<Found> byBoth(
      Scope db, Question question, float[] text, ActiveSpace mediaSpace, float[] medium) {
    List<Hit> byMedia = nearest(db, question, mediaSpace, medium, RANKED);
    return byMedia.isEmpty()
        ? Fusion.of(nearest(db, question, space, text, question.limit()))
        : Fusion.of(nearest(db, question, space, text, RANKED), byMedia, question.limit());
  }

  private static List<Hit> nearest(
      Scope db, Question question, ActiveSpace space, float[] vector, int limit) {
    return PassageSearch.nearest(db, space, vector, question.filter(), limit, question.threshold());
  }
}
