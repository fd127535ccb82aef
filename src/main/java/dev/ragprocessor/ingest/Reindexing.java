package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.MediaEmbedder;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.media.MediaReader;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.SpaceFilling;
import dev.ragprocessor.store.SpaceFilling.Position;
import dev.ragprocessor.store.SpaceFilling.Window;
import dev.ragprocessor.store.Unfilled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the vectors of a space that is not searched yet, beside a service that goes on with the
 * active one: those of texts from the text that is stored, those of media from their objects. What
 * is made is stored at once, so that it can be ended at any moment and goes on where it was; what
 * is ingested meanwhile is found by the next pass.
 *
 * <p>No scope is held while a model or a bucket is asked. One thread calls, several work; {@link
 * #close} may come from any other.
 *
 * @param <U> what the vectors are made from
 */
public final class Reindexing<U extends Unfilled> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reindexing.class);

  /** Chunks looked at by one statement. */
  private static final int WINDOW = 2_000;

  /** Documents at work at once; models have bounds of their own. */
  private static final int AT_ONCE = 8;

  /** For the last few chunks; whoever stores meanwhile is told to come again. */
  private static final Duration FREEZE = Duration.ofSeconds(30);

  private static final int ATTEMPTS_BEFORE_FREEZE = 5;
  private static final int ATTEMPTS = 8;
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Scopes database;
  private final SpaceFilling<U> space;
  private final Filling<U> filling;
  private final VectorRate rate;
  private final Patience patience = new Patience(this::ended);
  private final Vectorless refused = new Vectorless();
  private final Vectorless outdated = new Vectorless();
  private final Semaphore resting = new Semaphore(1);
  private volatile boolean ending;

  private Reindexing(Scopes database, SpaceFilling<U> space, Filling<U> filling, double perSecond) {
    this.database = database;
    this.space = space;
    this.filling = filling;
    this.rate = new VectorRate(perSecond, System.nanoTime());
  }

  /**
   * Promises the change to another model of texts.
   *
   * @param space of the embedder, as {@link SpaceFilling#prepare} gave it
   * @param batch the most texts of one document that the embedder is given at once
   * @param perSecond the most texts a second; infinite for as many as the model takes
   */
  public static Reindexing<?> ofTexts(
      Scopes database, TextEmbedder embedder, ActiveSpace space, int batch, double perSecond) {
    requireSame(embedder.space(), space);
    return new Reindexing<>(
        database, SpaceFilling.ofTexts(space), new TextFilling(embedder, batch), perSecond);
  }

  /**
   * Promises the change to another model of media.
   *
   * @param space of the embedder, as {@link SpaceFilling#prepare} gave it
   * @param reader brings media before models; it is asked for no text
   * @param perSecond the most vectors a second; infinite for as many as the model takes
   */
  public static Reindexing<?> ofMedia(
      Scopes database,
      MediaEmbedder embedder,
      ActiveSpace space,
      MediaReader reader,
      ObjectStore objects,
      double perSecond) {
    requireSame(embedder.space(), space);
    return new Reindexing<>(
        database,
        SpaceFilling.ofMedia(space),
        new MediaFilling(embedder, reader, objects),
        perSecond);
  }

  private static void requireSame(Space made, ActiveSpace filled) {
    if (!made.equals(filled.space())) {
      throw new IllegalArgumentException("the embedder's vectors are not of " + filled.space());
    }
  }

  /**
   * Promises a vector to every chunk that has none when it is looked at.
   *
   * @param lookedAt is told of chunks that have been dealt with, one way or another
   * @return how many vectors were stored; empty-handed passes find what came meanwhile
   * @throws EmbeddingException when the model cannot be asked, after some tries
   * @throws BucketException when the bucket cannot be read, after some tries
   */
  public long pass(LongConsumer lookedAt) throws InterruptedException {
    resting.acquire();
    try {
      long stored = 0;
      @Nullable Position position = SpaceFilling.BEGINNING;
      while (position != null && !ending) {
        Position after = position;
        Window<U> window =
            patience.inTransaction(database, "reindex.look", db -> space.window(db, after, WINDOW));
        stored += fill(window.unfilled());
        lookedAt.accept(window.lookedAt());
        position = window.next();
      }
      return stored;
    } finally {
      resting.release();
    }
  }

  /**
   * Promises that the space is the active one, with a vector for every chunk that there is, but for
   * those that are {@link #outdated}. What is ingested meanwhile is caught up with; where that does
   * not end, ingestion is refused for some seconds, and comes again.
   *
   * @param withoutRefused whether chunks that the model refuses may stay without
   * @return whether it is; not where the model refuses some, where another program goes on storing,
   *     or where it was told to end
   */
  public boolean switchOver(boolean withoutRefused) throws InterruptedException {
    resting.acquire();
    try {
      for (int attempt = 1; attempt <= ATTEMPTS && !ending; attempt++) {
        if (attempt > ATTEMPTS_BEFORE_FREEZE) {
          patience.inTransaction(
              database,
              "reindex.freeze",
              db -> {
                space.freezeActive(db, FREEZE);
                return true;
              });
        }
        catchUp();
        if (!withoutRefused && !refused.isEmpty()) {
          return false;
        }
        Map<UUID, String> without = refused.digestsWith(outdated);
        if (!ending
            && patience.inTransaction(
                database, "reindex.switch", db -> space.switchTo(db, without))) {
          return true;
        }
      }
      return false;
    } finally {
      resting.release();
    }
  }

  private void catchUp() throws InterruptedException {
    int most = WINDOW + refused.digestsWith(outdated).size();
    List<U> missing;
    do {
      missing = patience.inTransaction(database, "reindex.missing", db -> space.missing(db, most));
      fill(missing);
    } while (missing.size() == most && !ending);
  }

  /** The chunks that the model refused, and why. */
  public Map<UUID, String> refused() {
    return refused.reasons();
  }

  /** The chunks that need no vector, because their object is gone or another, and why. */
  public Map<UUID, String> outdated() {
    return outdated.reasons();
  }

  /**
   * Whether no object was found as it is stored, and the space has no vector either: then rather
   * the bucket is another or away, and a switch would lose all there is.
   */
  public boolean foundNothing() throws InterruptedException {
    return !outdated.isEmpty()
        && patience.inTransaction(database, "reindex.found", db -> space.isEmpty(db));
  }

  /** Whether it was told to end. */
  public boolean ended() {
    return ending;
  }

  /**
   * Promises that it begins nothing more; for what the model is asked now it waits some seconds.
   */
  @Override
  public void close() {
    ending = true;
    try {
      if (!resting.tryAcquire(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the model has not answered within {}; what it was asked is lost", GRACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long fill(List<U> unfilled) throws InterruptedException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("reindex-", 0).factory())) {
      List<Future<Long>> running = new ArrayList<>();
      for (List<U> chunks : batches(unfilled)) {
        running.add(threads.submit(() -> new Batch(chunks).fill()));
      }
      long stored = 0;
      for (Future<Long> one : running) {
        stored += result(one, running);
      }
      return stored;
    }
  }

  /** The chunks of one document together. */
  private List<List<U>> batches(List<U> unfilled) {
    List<List<U>> batches = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= unfilled.size(); i++) {
      if (i > from
          && (i == unfilled.size()
              || i - from == filling.atOnce()
              || !unfilled.get(i).document().equals(unfilled.get(from).document()))) {
        batches.add(
            unfilled.subList(from, i).stream()
                .filter(chunk -> !refused.has(chunk) && !outdated.has(chunk))
                .toList());
        from = i;
      }
    }
    return batches.stream().filter(chunks -> !chunks.isEmpty()).toList();
  }

  private static long result(Future<Long> task, List<Future<Long>> all)
      throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      // What has begun is stored yet; what has not need not begin.
      all.forEach(other -> other.cancel(false));
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case InterruptedException interrupted -> throw interrupted;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** Chunks of one document, of which some are dealt with. */
  private final class Batch implements Filling.Receiver<U> {
    private final List<U> open;
    private long stored;

    Batch(List<U> chunks) {
      this.open = new ArrayList<>(chunks);
    }

    /** Promises how many vectors were stored. */
    long fill() throws InterruptedException {
      int tries = 0;
      while (!open.isEmpty() && !ending) {
        int before = open.size();
        try {
          filling.fill(List.copyOf(open), this);
          return stored;
        } catch (EmbeddingException | BucketException e) {
          tries = open.size() < before ? 1 : tries + 1;
          if (!(Failures.of(e) instanceof Failure.Retryable(String why, Duration after))
              || !patience.pause(tries, after, why)) {
            throw e;
          }
        }
      }
      return stored;
    }

    @Override
    public boolean await(int vectors) throws InterruptedException {
      return rate.await(vectors, () -> ending);
    }

    @Override
    public void store(List<U> chunks, List<float[]> vectors) throws InterruptedException {
      stored +=
          patience.inTransaction(database, "reindex.store", db -> space.store(db, chunks, vectors));
      open.removeAll(chunks);
    }

    @Override
    public void refused(U chunk, String why) {
      refused.add(chunk, why);
      open.remove(chunk);
    }

    @Override
    public void outdated(U chunk, String why) {
      outdated.add(chunk, why);
      open.remove(chunk);
    }
  }
}
