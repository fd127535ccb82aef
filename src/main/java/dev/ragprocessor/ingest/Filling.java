package dev.ragprocessor.ingest;

import dev.ragprocessor.store.Unfilled;
import java.util.List;

/**
 * Makes the vectors of a space that is being filled. It is used by several threads, each with
 * chunks of another document, and outside of scopes.
 */
interface Filling<U extends Unfilled> {
  /**
   * Promises to deal with each of these chunks, or throws: those of which nothing was said to the
   * receiver are brought again.
   *
   * @param chunks of one document, at least one
   * @throws dev.ragprocessor.embed.EmbeddingException when the model cannot answer
   * @throws dev.ragprocessor.bucket.BucketException when the bucket cannot
   */
  void fill(List<U> chunks, Receiver<U> receiver) throws InterruptedException;

  /** The most chunks of one document that it is given at once. */
  int atOnce();

  /** Takes what was made. */
  interface Receiver<U> {
    /**
     * Waits until so many vectors may be asked for.
     *
     * @return false when nothing more is to be begun
     */
    boolean await(int vectors) throws InterruptedException;

    /** Stores vectors, as many as chunks. */
    void store(List<U> chunks, List<float[]> vectors) throws InterruptedException;

    /** Is told of a chunk that the model has no vector for. */
    void refused(U chunk, String why);

    /** Is told of a chunk that need not have one: what it is made of is not there any more. */
    void outdated(U chunk, String why);
  }
}
