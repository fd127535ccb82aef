package dev.ragprocessor.embed;

import java.util.ArrayList;
import java.util.List;

/** Packs texts, in order, into as few requests as two limits allow. */
final class Batches {
  private Batches() {}

  /**
   * @param maxTexts of one batch
   * @param maxTokens of one batch, as {@link TokenEstimate} counts; a text above it stands alone
   */
  static List<List<String>> of(List<String> texts, int maxTexts, int maxTokens) {
    List<List<String>> batches = new ArrayList<>();
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < texts.size(); i++) {
      int more = TokenEstimate.of(texts.get(i));
      if (i > from && (i - from == maxTexts || tokens + more > maxTokens)) {
        batches.add(List.copyOf(texts.subList(from, i)));
        from = i;
        tokens = 0;
      }
      tokens += more;
    }
    batches.add(List.copyOf(texts.subList(from, texts.size())));
    return batches;
  }
}
