package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.Unfilled;
import java.util.List;

/**
 * Vectors of texts, from the text that is stored. Texts of one document go together: a request has
 * one title.
 *
 * @param atOnce the most texts that the embedder is given at once
 */
record TextFilling(TextEmbedder embedder, int atOnce) implements Filling<Unfilled.Text> {
  @Override
  public void fill(List<Unfilled.Text> chunks, Receiver<Unfilled.Text> receiver)
      throws InterruptedException {
    if (!receiver.await(chunks.size())) {
      return;
    }
    List<float[]> vectors;
    try {
      vectors =
          embedder.embedChunks(
              chunks.getFirst().title(), chunks.stream().map(Unfilled.Text::content).toList());
    } catch (EmbeddingException e) {
      if (e.kind() != Kind.REFUSED) {
        throw e;
      }
      afterRefusal(chunks, e, receiver);
      return;
    }
    receiver.store(chunks, vectors);
  }

  /** One text that is refused does not take its neighbours with it. */
  private void afterRefusal(
      List<Unfilled.Text> chunks, EmbeddingException e, Receiver<Unfilled.Text> receiver)
      throws InterruptedException {
    if (chunks.size() == 1) {
      receiver.refused(chunks.getFirst(), Failures.reason(e));
      return;
    }
    for (Unfilled.Text chunk : chunks) {
      fill(List.of(chunk), receiver);
    }
  }
}
