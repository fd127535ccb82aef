package dev.ragprocessor.embed;

import java.util.ArrayList;
import java.util.List;

/** Packs texts, in order, into as few requests as two limits allow. */
final class Batches {
  private Batches() {}

  /**
   * Texts of one request.
   *
   * @param from the position of the first of them
   */
  record Batch(int from, List<String> texts) {
    Batch {
      texts = List.copyOf(texts);
    }
  }

  /**
   * @param maxTexts of one batch
   * @param maxTokens of one batch, as {@link TokenEstimate} counts; a text above it stands alone
   */
  static List<Batch> of(List<String> texts, int maxTexts, int maxTokens) {
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < texts.size(); i++) {
      int more = TokenEstimate.of(texts.get(i));
      if (i > from && (i - from == maxTexts || tokens + more > maxTokens)) {
        batches.add(new Batch(from, texts.subList(from, i)));
        from = i;
        tokens = 0;
      }
      tokens += more;
    }
    batches.add(new Batch(from, texts.subList(from, texts.size())));
    return batches;
  }
}
