package dev.ragprocessor.ingest;

import dev.ragprocessor.db.DatabaseFailure;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.db.Work;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.SpaceFilling;
import dev.ragprocessor.store.SpaceFilling.Position;
import dev.ragprocessor.store.SpaceFilling.Unfilled;
import dev.ragprocessor.store.SpaceFilling.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
 * Makes the vectors of a space that is not searched yet, from the text that is stored, beside a
 * service that goes on with the active one. What is made is stored at once, so that it can be ended
 * at any moment and goes on where it was; what is ingested meanwhile is found by the next pass.
 *
 * <p>No scope is held while the model is asked. One thread calls, several embed; {@link #close} may
 * come from any other.
 */
public final class Reindexing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reindexing.class);

  /** Chunks looked at by one statement. */
  private static final int WINDOW = 2_000;

  /** Batches of different documents at the model at once; it has bounds of its own. */
  private static final int AT_ONCE = 8;

  private static final int TRIES = 8;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** For the last few chunks; whoever stores meanwhile is told to come again. */
  private static final Duration FREEZE = Duration.ofSeconds(30);

  private static final int ATTEMPTS_BEFORE_FREEZE = 5;
  private static final int ATTEMPTS = 8;
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Scopes database;
  private final TextEmbedder embedder;
  private final ActiveSpace space;
  private final int batch;
  private final TextRate rate;
  private final Map<UUID, String> refused = new ConcurrentHashMap<>();
  private final Semaphore resting = new Semaphore(1);
  private volatile boolean ending;

  /**
   * @param space of the embedder, as {@link SpaceFilling#prepare} gave it
   * @param batch the most texts of one document that the embedder is given at once
   * @param perSecond the most texts a second; infinite for as many as the model takes
   */
  public Reindexing(
      Scopes database, TextEmbedder embedder, ActiveSpace space, int batch, double perSecond) {
    if (!embedder.space().equals(space.space())) {
      throw new IllegalArgumentException("the embedder's vectors are not of " + space.space());
    }
    this.database = database;
    this.embedder = embedder;
    this.space = space;
    this.batch = batch;
    this.rate = new TextRate(perSecond, System.nanoTime());
  }

  /**
   * Promises a vector to every chunk that has none when it is looked at.
   *
   * @param lookedAt is told of chunks that have been dealt with, one way or another
   * @return how many vectors were stored; empty-handed passes find what came meanwhile
   * @throws EmbeddingException when the model cannot be asked, after some tries
   */
  public long pass(LongConsumer lookedAt) throws InterruptedException {
    resting.acquire();
    try {
      long stored = 0;
      @Nullable Position position = SpaceFilling.BEGINNING;
      while (position != null && !ending) {
        Position after = position;
        Window window =
            patiently("reindex.look", db -> SpaceFilling.window(db, space, after, WINDOW));
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
   * Promises that the space is the active one, with a vector for every chunk that there is. What is
   * ingested meanwhile is caught up with; where that does not end, ingestion is refused for some
   * seconds, and comes again.
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
          patiently(
              "reindex.freeze",
              db -> {
                SpaceFilling.freezeActive(db, FREEZE);
                return true;
              });
        }
        catchUp();
        if (!withoutRefused && !refused.isEmpty()) {
          return false;
        }
        Set<UUID> without = refused.keySet();
        if (!ending
            && patiently("reindex.switch", db -> SpaceFilling.switchTo(db, space, without))) {
          return true;
        }
      }
      return false;
    } finally {
      resting.release();
    }
  }

  private void catchUp() throws InterruptedException {
    int most = WINDOW + refused.size();
    List<Unfilled> missing;
    do {
      missing = patiently("reindex.missing", db -> SpaceFilling.missing(db, space, most));
      fill(missing);
    } while (missing.size() == most && !ending);
  }

  /** The chunks that the model refused, and why. */
  public Map<UUID, String> refused() {
    return Map.copyOf(refused);
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

  private long fill(List<Unfilled> unfilled) throws InterruptedException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("reindex-", 0).factory())) {
      List<Future<Long>> running = new ArrayList<>();
      for (List<Unfilled> texts : batches(unfilled)) {
        running.add(threads.submit(() -> embed(texts)));
      }
      long stored = 0;
      for (Future<Long> one : running) {
        stored += result(one, running);
      }
      return stored;
    }
  }

  /** Texts of one document together: a request has one title. */
  private List<List<Unfilled>> batches(List<Unfilled> unfilled) {
    List<List<Unfilled>> batches = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= unfilled.size(); i++) {
      if (i > from
          && (i == unfilled.size()
              || i - from == batch
              || !unfilled.get(i).document().equals(unfilled.get(from).document()))) {
        batches.add(
            unfilled.subList(from, i).stream()
                .filter(chunk -> !refused.containsKey(chunk.id()))
                .toList());
        from = i;
      }
    }
    return batches.stream().filter(texts -> !texts.isEmpty()).toList();
  }

  private long embed(List<Unfilled> texts) throws InterruptedException {
    if (!rate.await(texts.size(), () -> ending)) {
      return 0;
    }
    for (int tries = 1; ; tries++) {
      try {
        return store(texts, vectors(texts));
      } catch (EmbeddingException e) {
        switch (e.kind()) {
          case MISCONFIGURED -> throw e;
          case REFUSED -> {
            return afterRefusal(texts, e);
          }
          case EXHAUSTED, UNAVAILABLE -> {
            if (tries == TRIES || !pause(tries, e.retryAfter(), e.getMessage())) {
              throw e;
            }
          }
        }
      }
    }
  }

  private List<float[]> vectors(List<Unfilled> texts) {
    return embedder.embedChunks(
        texts.getFirst().title(), texts.stream().map(Unfilled::content).toList());
  }

  /** One text that is refused does not take its neighbours with it. */
  private long afterRefusal(List<Unfilled> texts, EmbeddingException e)
      throws InterruptedException {
    if (texts.size() == 1) {
      refused.put(texts.getFirst().id(), Failures.reason(e));
      return 0;
    }
    long stored = 0;
    for (Unfilled text : texts) {
      stored += embed(List.of(text));
    }
    return stored;
  }

  private long store(List<Unfilled> texts, List<float[]> vectors) throws InterruptedException {
    return patiently("reindex.store", db -> SpaceFilling.store(db, space, texts, vectors));
  }

  /** A database that is away for a minute does not end work of hours. */
  private <R> R patiently(String name, Work<R, RuntimeException> work) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return database.inTransaction(name, work);
      } catch (RuntimeException e) {
        Verdict verdict = Verdict.of(e);
        boolean passing = verdict == Verdict.SATURATED || verdict == Verdict.RETRYABLE;
        String reason = DatabaseFailure.in(e).map(DatabaseFailure::reason).orElse("");
        if (!passing || tries == TRIES || !pause(tries, Duration.ZERO, reason)) {
          throw e;
        }
      }
    }
  }

  private boolean pause(int tries, Duration asked, @Nullable String reason)
      throws InterruptedException {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << (tries - 1));
    Duration usual = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    Duration pause = asked.compareTo(usual) > 0 ? asked : usual;
    LOG.warn("{}; again in {} s", reason, pause.toSeconds());
    return TextRate.pause(pause.toNanos(), () -> ending);
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
}
